// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/numbering.hpp>
#include <tfx/base/table.hpp>
#include <tfx/graph/graph.hpp>

TFX_BEGIN

// A pass over a large graph is done in parts, each a constant of its own, since compilers limit what they evaluate for
// one. Its functions are templates, which other programs make nothing of. Between two parts stands a table: all lists
// of the pass that have elements of one type are one column of it.

struct part_facts {
  refusal error;
  bool finished;
};
template <template <template <class> class> class Columns>
using part_state = table<Columns, part_facts>;

/// Such a table as the next part reads it.
template <template <template <class> class> class Columns>
struct part_view : table_view<Columns> {
  refusal const* error;

  template <auto Lengths, class Indices, class Types>
  constexpr part_view(detail::frozen_columns<Columns, part_facts, Lengths, Indices, Types> const& state)
      : table_view<Columns>(state.view()), error(&state.facts.error) {}
};

/// What a pass from a graph to a graph consists of.
template <template <class> class Column>
struct rewriting_columns {
  Column<int> ints;
  Column<char> marks;
  Column<i64> words;
  Column<chain_heads> heads;
  Column<node> nodes;
  Column<node_link> links;
  Column<symbol_entry> symbols;
  Column<extent_check> checks;
};

/// What a pass consists of that finds out numbers about nodes.
template <template <class> class Column>
struct counting_columns {
  Column<int> ints;
  Column<u64> keys;
  Column<chain_heads> heads;
};

using rewriting = part_state<rewriting_columns>;
using rewriting_view = part_view<rewriting_columns>;

namespace detail {

/// The column among `columns` that is of the type `Column`.
template <class Column, class Columns>
constexpr Column& column_among(Columns& columns) {
  Column const* found = nullptr;
  auto const look = [&]<class Each>(Each const& each) {
    if constexpr (std::is_same_v<Each, Column>) found = &each;
  };
  with_columns(columns, [&](auto const&... each) { (look(each), ...); });
  return const_cast<Column&>(*found);
}

/// Puts lists one behind another into the columns of a table.
template <template <template <class> class> class Columns>
struct list_saver {
  Columns<vector>& to;

  template <class... Lists>
  constexpr void all(Lists&... lists) {
    (one(lists), ...);
  }

 private:
  template <class T>
  constexpr void one(vector<T> const& list) {
    to.ints.push_back(list.count);
    column_among<vector<T>>(to).append(list.items, list.count);
  }
  constexpr void one(numbering const& n) { all(n.heads, n.keys, n.next); }
  constexpr void one(int const& number) { to.ints.push_back(number); }
  constexpr void one(bool const& fact) { to.ints.push_back(fact); }
};
/// Takes them out again, in the same order.
template <template <template <class> class> class Columns>
struct list_loader {
  Columns<column_pointer> from;  // what is not taken yet

  template <class... Lists>
  constexpr void all(Lists&... lists) {
    (one(lists), ...);
  }

 private:
  template <class T>
  constexpr void one(vector<T>& list) {
    int const count = *from.ints++;
    T const*& items = column_among<T const*>(from);
    list.clear();
    list.append(items, count);
    items += count;
  }
  constexpr void one(numbering& n) { all(n.heads, n.keys, n.next); }
  constexpr void one(int& number) { number = *from.ints++; }
  constexpr void one(bool& fact) { fact = *from.ints++ != 0; }
};
}  // namespace detail

/// What `pass` is made of, for the part that goes on; Pass::each_list tells it.
template <template <template <class> class> class Columns, class Pass>
constexpr part_state<Columns> save(Pass& pass, bool finished) {
  part_state<Columns> state{};
  if constexpr (requires { pass.out.error; }) state.error = pass.out.error;
  state.finished = finished;
  detail::list_saver<Columns> saver{state};
  pass.each_list(saver);
  return state;
}
template <class Pass, template <template <class> class> class Columns>
constexpr void restore(Pass& pass, part_view<Columns> const& state) {
  if constexpr (requires { pass.out.error; }) pass.out.error = *state.error;
  detail::list_loader<Columns> loader{state};
  pass.each_list(loader);
}

TFX_END
