// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/effects.hpp>

TFX_BEGIN

/// A graph with what a run asks of it: what one pass gives to the next.
struct module : graph {
  vector<int> fetches;
  vector<int> feeds;         // the node of each feed, -1 where nothing depends on it
  vector<int> tellers;       // constants and variables that tell an extent: kept even where nothing reads them
  bool has_markers = false;  // there is something to differentiate
};

/// A module's counts, and its content in arrays of those sizes: the form in which a pass's result is kept.
struct module_counts {
  int nodes, edges, words, symbols, checks, fetches, feeds, tellers;
};
constexpr module_counts counts(module const& m) {
  return {m.size(),         m.edges.size(), m.words.size(),  m.symbols.entries.size(), m.symbols.checks.size(),
          m.fetches.size(), m.feeds.size(), m.tellers.size()};
}

/// A module as passes read it, wherever it is kept: they are ordinary functions, the same code for every graph.
struct module_view {
  node const* nodes;
  int const* edges;
  i64 const* words;
  symbol_entry const* symbols;
  extent_check const* checks;
  int const* fetches;
  int const* feeds;
  int const* tellers;
  module_counts count;
  refusal const* error;

  constexpr int size() const { return count.nodes; }
  constexpr int input(node const& n, int i) const { return edges[n.first_input + i]; }
  constexpr i64 word(node const& n, int i) const { return words[n.first_word + i]; }
};

/// A module in arrays of the sizes `C`, which may be a guess: `complete` says whether all of it fits.
template <module_counts C>
struct frozen_module {
  node nodes[C.nodes + 1];
  int edges[C.edges + 1];
  i64 words[C.words + 1];
  symbol_entry symbols[C.symbols + 1];
  extent_check checks[C.checks + 1];
  int fetches[C.fetches + 1];
  int feeds[C.feeds + 1];
  int tellers[C.tellers + 1];
  refusal error;
  module_counts count;
  bool has_markers;
  bool complete;

  constexpr operator module_view() const {
    return {nodes, edges, words, symbols, checks, fetches, feeds, tellers, count, &error};
  }
};

template <module_counts C>
constexpr frozen_module<C> freeze(module const& m) {
  frozen_module<C> f{};
  f.count = counts(m);
  f.error = m.error;
  f.has_markers = m.has_markers;
  f.complete =
      detail::copy_all(f.nodes, C.nodes, m.nodes) && detail::copy_all(f.edges, C.edges, m.edges) &&
      detail::copy_all(f.words, C.words, m.words) && detail::copy_all(f.symbols, C.symbols, m.symbols.entries) &&
      detail::copy_all(f.checks, C.checks, m.symbols.checks) && detail::copy_all(f.fetches, C.fetches, m.fetches) &&
      detail::copy_all(f.feeds, C.feeds, m.feeds) && detail::copy_all(f.tellers, C.tellers, m.tellers);
  return f;
}

/// The result of `Pass::run()`, kept in a constant. It is computed once where `Pass::guess` is large enough, else once
/// more. What the compiler itself asks of it stands beside it: g++ copies a large constant for every such question.
template <class Pass, class Size = Pass>
struct kept {
  static constexpr auto guess = Size::guess;
  static constexpr auto value = freeze<guess>(Pass::run());
  static constexpr auto count = value.count;
  static constexpr bool has_markers = value.has_markers;
  static constexpr bool complete = value.complete;
  static constexpr refusal error = value.error;
};
namespace detail {
template <class Pass>
struct exact_size {
  static constexpr auto guess = kept<Pass>::count;
};
template <class Pass, bool Complete = kept<Pass>::complete>
struct kept_whole {
  using type = kept<Pass>;
};
template <class Pass>
struct kept_whole<Pass, false> {
  using type = kept<Pass, exact_size<Pass>>;
};
}  // namespace detail
template <class Pass>
using kept_whole = typename detail::kept_whole<Pass>::type;

/// Arrays of one int for each node, to be written in ascending order before they are read: raw pointers, since every
/// call of an operator costs the compiler, and not zeroed, since every element does.
class node_arrays {
 public:
  constexpr explicit node_arrays(int nodes) : length_(static_cast<std::size_t>(nodes) + 1) {}
  node_arrays(node_arrays const&) = delete;
  node_arrays& operator=(node_arrays const&) = delete;
  constexpr ~node_arrays() {
    for (int i = 0; i < count_; ++i) delete[] arrays_[i];
  }
  constexpr int* next() { return arrays_[count_++] = new int[length_]; }

 private:
  std::size_t length_;
  int count_ = 0;
  int* arrays_[12] = {};
};

/// An empty module with the symbols of `from`: where a pass that rewrites begins.
constexpr module begin_from(module_view const& from) {
  module m;
  m.reserve(from.count.nodes, from.count.edges, from.count.words);
  for (int i = 0; i < from.count.symbols; ++i) m.symbols.entries.push_back(from.symbols[i]);
  for (int i = 0; i < from.count.checks; ++i) m.symbols.checks.push_back(from.checks[i]);
  for (int i = 0; i < from.count.symbols; ++i) m.symbols.merged = m.symbols.merged || from.symbols[i].same_as != 0;
  m.error = *from.error;
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
                               int const* feeds, int feed_count, int const* tellers = nullptr, int teller_count = 0) {
  vector<char> marks(count + 1);
  char* const needed = marks.items;
  for (int i = 0; i < fetch_count; ++i) needed[fetches[i]] = 1;
  for (int i = 0; i < feed_count; ++i)
    if (feeds[i] >= 0) needed[feeds[i]] = 1;
  for (int i = 0; i < teller_count; ++i) needed[tellers[i]] = 1;
  for (int id = count - 1; id >= 0; --id) {
    if (!needed[id]) continue;
    node const& n = nodes[id];
    int const* const in = edges + n.first_input;
    for (int i = 0; i < n.input_count; ++i) needed[in[i]] = 1;
  }
  return marks;
}
}  // namespace detail

TFX_END
