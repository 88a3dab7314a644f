// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/table.hpp>
#include <tfx/graph/effects.hpp>

TFX_BEGIN

/// A part of the graph that a loop or a branch runs; the first one is the run itself.
struct region_entry {
  int owner;   // the node of the loop or branch
  int parent;  // the region that it is in
};

template <template <class> class Column>
struct module_columns {
  Column<node> nodes;
  Column<int> edges;
  Column<i64> words;
  Column<symbol_entry> symbols;
  Column<extent_check> checks;
  Column<int> fetches;
  Column<int> feeds;           // the node of each feed, -1 where nothing depends on it
  Column<int> extent_sources;  // constants and variables that tell an extent: kept even where nothing reads them
  // Once bodies are placed (place_regions.hpp); none in a graph without loops and branches.
  Column<int> placed;  // by node: its region
  Column<region_entry> regions;
};
struct module_facts {
  refusal error;
  bool has_markers;  // there is something to differentiate
  bool has_regions;  // there are loops or branches
  bool finished;     // it is all that it should be: one constant was enough for it
};
using module_counts = lengths_of<module_columns>;

/// A graph with what a run asks of it: what one pass gives to the next.
struct module : graph {
  vector<int> fetches, feeds, extent_sources;
  vector<int> placed;
  vector<region_entry> regions;
  bool has_markers = false, has_regions = false, finished = true;

  template <module_counts Room>
  using frozen = frozen_table<module_columns, module_facts, Room>;

  constexpr module_columns<column_reference> columns() const {
    return {nodes, edges, words, symbols.entries, symbols.checks, fetches, feeds, extent_sources, placed, regions};
  }
  constexpr module_facts facts() const { return {error, has_markers, has_regions, finished}; }
};

/// A module as passes read it.
struct module_view : table_view<module_columns> {
  refusal const* error;
  bool has_regions;

  template <auto Lengths, class Indices, class Types>
  constexpr module_view(detail::frozen_columns<module_columns, module_facts, Lengths, Indices, Types> const& m)
      : table_view<module_columns>(m.view()), error(&m.facts.error), has_regions(m.facts.has_regions) {}

  constexpr explicit module_view(module const& m)
      : table_view<module_columns>(detail::with_columns(
            m.columns(),
            [](auto const&... column) { return table_view<module_columns>{{column.items...}, {column.count...}}; })),
        error(&m.error),
        has_regions(m.has_regions) {}

  constexpr int size() const { return count.nodes; }
  constexpr int input(node const& n, int i) const { return edges[n.first_input + i]; }
  constexpr i64 word(node const& n, int i) const { return words[n.first_word + i]; }
  /// The region that a node is in.
  constexpr int region_of(int id) const { return count.placed > 0 ? placed[id] : 0; }
};

/// Arrays of one int for each node, to be written in ascending order before they are read: raw pointers, since every
/// call of an operator costs the compiler, and not zeroed, since every element does.
class node_arrays {
 public:
  constexpr explicit node_arrays(int nodes) : length_(nodes + 1) {}
  node_arrays(node_arrays const&) = delete;
  node_arrays& operator=(node_arrays const&) = delete;
  constexpr ~node_arrays() = default;
  constexpr int* next() {
    arrays_.push_back({});
    arrays_.back().reserve(length_);
    return arrays_.back().items;
  }
  /// What they are up to node `written` - 1, for the next part of a pass.
  template <class Use>
  constexpr void each_list(Use& use, int written) {
    for (vector<int>& array : arrays_) {
      array.count = written;
      use.all(array);
    }
  }

 private:
  int length_;
  vector<vector<int>> arrays_;
};

/// An empty module with the symbols of `from`: where a pass that rewrites begins.
constexpr module begin_from(module_view const& from) {
  module m;
  m.reserve(from.count.nodes, from.count.edges, from.count.words);
  for (int i = 0; i < from.count.symbols; ++i) m.symbols.entries.push_back(from.symbols[i]);
  for (int i = 0; i < from.count.checks; ++i) m.symbols.checks.push_back(from.checks[i]);
  for (int i = 0; i < from.count.symbols; ++i) {
    m.symbols.merged = m.symbols.merged || from.symbols[i].same_as != 0;
    m.symbols.finds = m.symbols.finds || from.symbols[i].rule == extent_rule::found;
  }
  m.error = *from.error;
  m.has_regions = from.has_regions;
  return m;
}

/// Copies node `id` with its inputs mapped into `m`; `scratch` is room for them.
constexpr int copy_node(module& m, module_view const& from, int id, int const* map, vector<int>& scratch) {
  node const& n = from.nodes[id];
  if (n.input_count > scratch.room) scratch.reserve(2 * n.input_count);
  int* const inputs = scratch.items;
  int const* const in = from.edges + n.first_input;
  for (int i = 0; i < n.input_count; ++i) inputs[i] = map[in[i]];
  if (!m.symbols.merged) return m.insert(n, inputs, n.input_count, from.words + n.first_word, n.word_count);
  node known = n;
  known.shape = m.symbols.resolve(n.shape);
  return m.insert(known, inputs, n.input_count, from.words + n.first_word, n.word_count);
}

namespace detail {
/// Marks what the fetches need; feeds are kept, so that they are checked even where nothing depends on them, and what
/// else tells an extent.
constexpr vector<char> reached(node const* nodes, int count, int const* edges, int const* fetches, int fetch_count,
                               int const* feeds, int feed_count, int const* extent_sources = nullptr,
                               int extent_source_count = 0) {
  vector<char> marks(count + 1);
  char* const needed = marks.items;
  for (int i = 0; i < fetch_count; ++i) needed[fetches[i]] = 1;
  for (int i = 0; i < feed_count; ++i)
    if (feeds[i] >= 0) needed[feeds[i]] = 1;
  for (int i = 0; i < extent_source_count; ++i) needed[extent_sources[i]] = 1;
  for (int id = count - 1; id >= 0; --id) {
    if (!needed[id]) continue;
    node const& n = nodes[id];
    int const* const in = edges + n.first_input;
    for (int i = 0; i < n.input_count; ++i) needed[in[i]] = 1;
  }
  return marks;
}
/// Of a module that finds extents: marks the nodes whose kernels find those that what is marked depends on, by its
/// shape or its attributes, and what those nodes need.
constexpr void mark_finders(symbol_table const& symbols, node const* nodes, int count, int const* edges,
                            i64 const* words, vector<char>& needed) {
  vector<char> used(symbols.entries.size() + 1, 0);
  vector<int> met;
  auto const use = [&](i64 extent) {
    extent = symbols.resolve(extent);
    if (extent >= 0 || used[symbol_of(extent)]) return;
    used[symbol_of(extent)] = 1;
    met.push_back(symbol_of(extent));
  };
  for (int id = count - 1; id >= 0; --id) {
    node const& n = nodes[id];
    for (int i = 0; n.op->finds && i < n.shape.rank; ++i)
      if (n.shape[i] < 0 && used[symbol_of(n.shape[i])]) needed[id] = 1;
    if (!needed[id]) continue;
    for (int i = 0; i < n.input_count; ++i) needed[edges[n.first_input + i]] = 1;
    for (int i = 0; i < n.shape.rank; ++i) use(n.shape[i]);
    for (int i = n.op->first_extent; n.op->first_extent > 0 && i < n.word_count; ++i)
      if (i64 const word = words[n.first_word + i]; word < dims::unknown) use(word);
    // What an extent is computed from, and, by checks, what may tell it.
    while (!met.empty()) {
      i64 const symbol = symbol_extent(met.back());
      symbol_entry const& e = symbols.entries[met.back()];
      met.pop_back();
      if (e.rule != extent_rule::given) use(e.left);
      if (e.rule != extent_rule::given && e.rule != extent_rule::found) use(e.right);
      for (extent_check const& c : symbols.checks) {
        i64 const told[] = {symbols.resolve(c.left), symbols.resolve(c.right), symbols.resolve(c.to)};
        bool const tells = told[0] == symbol || told[1] == symbol || told[2] == symbol;
        for (int i = 0; tells && i < 3; ++i) use(told[i]);
      }
    }
  }
}
}  // namespace detail

TFX_END
