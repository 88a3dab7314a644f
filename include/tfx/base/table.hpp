// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/columns.hpp>

TFX_BEGIN

/// How many nodes a part goes through where nothing else is told, and how many nodes a pass does in one constant before
/// it gives up for parts. clang evaluates a million statements for one, which a few thousand nodes are enough for; g++,
/// which counts otherwise, takes less time and memory for few parts.
#if defined(__clang__)
inline constexpr int part_nodes = 2000, nodes_at_once = 3000;
#else
inline constexpr int part_nodes = 6000, nodes_at_once = 6000;
#endif

struct no_facts {};

namespace detail {
template <template <template <class> class> class Columns, class Facts, auto Lengths, class Indices, class Types>
struct frozen_columns;
template <template <template <class> class> class Columns>
using types_of_columns = decltype(with_columns(Columns<column_tag>{}, list_types{}));
template <template <template <class> class> class Columns>
using column_indices = std::make_integer_sequence<int, column_count<lengths_of<Columns>>>;
}  // namespace detail

/// A table in arrays of the lengths `Room`, which may be a guess: the form in which it can be a constant.
template <template <template <class> class> class Columns, class Facts, lengths_of<Columns> Room>
using frozen_table = detail::frozen_columns<Columns, Facts, detail::with_columns(Room, detail::list_lengths{}),
                                            detail::column_indices<Columns>, detail::types_of_columns<Columns>>;

/// A table that grows: its columns as vectors, and what is known of the whole.
template <template <template <class> class> class Columns, class Facts = no_facts>
struct table : Columns<vector>, Facts {
  template <lengths_of<Columns> Room>
  using frozen = frozen_table<Columns, Facts, Room>;

  constexpr Columns<column_reference> columns() const {
    return detail::with_columns(static_cast<Columns<vector> const&>(*this),
                                [](auto const&... column) { return Columns<column_reference>{column...}; });
  }
  constexpr Facts const& facts() const { return *this; }
};

/// A table as it is read, wherever it is: passes are ordinary functions, the same code for every graph.
template <template <template <class> class> class Columns>
struct table_view : Columns<column_pointer> {
  lengths_of<Columns> count;
};

namespace detail {
template <int I, class T, int Room>
struct frozen_column {
  T items[Room + 1];
};
template <class T>
constexpr bool copy_column(T* to, int room, T const* from, int count) {
  if (count > room) return false;
  copy_items(to, from, count);
  return true;
}
/// Where a column is. Such a list is made once for all tables of the same columns, whatever the lengths of their
/// arrays: for each of those there is only `copy`.
template <int I, class T>
struct column_span {
  T const* items;
  int count;
};
template <class Indices, class Types>
struct column_spans;
template <int... I, class... T>
struct column_spans<std::integer_sequence<int, I...>, column_types<T...>> : column_span<I, T>... {
  template <class Counts>
  constexpr Counts counts() const {
    return {column_span<I, T>::count...};
  }
};
struct list_spans {
  template <class... T>
  constexpr auto operator()(vector<T> const&... column) const {
    return column_spans<std::make_integer_sequence<int, sizeof...(T)>, column_types<T...>>{
        {column.items, column.count}...};
  }
};
/// Each column is a base of the table itself: every level of members above its rows costs g++ at each read.
template <template <template <class> class> class Columns, class Facts, auto Lengths, int... I, class... T>
struct frozen_columns<Columns, Facts, Lengths, std::integer_sequence<int, I...>, column_types<T...>>
    : frozen_column<I, T, Lengths.of[I]>... {
  template <lengths_of<Columns> Room>
  using frozen = frozen_table<Columns, Facts, Room>;
  using column_list = column_spans<std::integer_sequence<int, I...>, column_types<T...>>;

  lengths_of<Columns> count;
  Facts facts;
  bool complete;  // all of it is here

  constexpr table_view<Columns> view() const { return {{frozen_column<I, T, Lengths.of[I]>::items...}, count}; }
  constexpr operator table_view<Columns>() const { return view(); }

  constexpr bool copy(column_list const& from) {
    return (copy_column(frozen_column<I, T, Lengths.of[I]>::items, Lengths.of[I], from.column_span<I, T>::items,
                        from.column_span<I, T>::count) &&
            ...);
  }
  constexpr column_list spans() const {
    auto const lengths = with_columns(count, list_lengths{});
    return {{frozen_column<I, T, Lengths.of[I]>::items, lengths.of[I]}...};
  }
};
}  // namespace detail

template <auto Room, class Table>
constexpr auto freeze(Table const& table) {
  typename Table::template frozen<Room> f{};
  auto const spans = detail::with_columns(table.columns(), detail::list_spans{});
  f.count = spans.template counts<decltype(f.count)>();
  f.complete = f.copy(spans);
  f.facts = table.facts();
  return f;
}
/// A frozen table in arrays of just its lengths.
template <auto Count, class Frozen>
constexpr auto refreeze(Frozen const& from) {
  typename Frozen::template frozen<Count> f{};
  f.count = from.count;
  f.facts = from.facts;
  f.complete = f.copy(from.spans());
  return f;
}

/// The result of `Pass::run()`, a table, as a constant. It is computed once where `Pass::room` is enough, else once
/// more. What the compiler itself asks of it stands beside it: g++ copies a large constant for every such question.
template <class Pass, class Room = Pass>
struct result_in {
  static constexpr auto room = Room::room;
  static constexpr auto value = freeze<room>(Pass::run());
  static constexpr auto view = value.view();
  static constexpr auto count = value.count;
  static constexpr auto facts = value.facts;
  static constexpr bool complete = value.complete;
};
namespace detail {
template <class Pass>
struct exact_room {
  static constexpr auto room = result_in<Pass>::count;
};
template <class Pass, bool Complete = result_in<Pass>::complete>
struct whole_result {
  using type = result_in<Pass>;
};
template <class Pass>
struct whole_result<Pass, false> {
  using type = result_in<Pass, exact_room<Pass>>;
};
}  // namespace detail
template <class Pass>
using result = typename detail::whole_result<Pass>::type;
/// The same in arrays of just its lengths: what a program carries.
template <class Pass>
struct exact_result {
  static constexpr auto count = result<Pass>::count;
  static constexpr auto facts = result<Pass>::facts;
  static constexpr auto value = refreeze<count>(result<Pass>::value);
  static constexpr auto view = value.view();
};

TFX_END
