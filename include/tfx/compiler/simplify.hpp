// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/compiler/module.hpp>
#include <tfx/compiler/parts.hpp>
#include <tfx/op/array/reshape.hpp>

TFX_BEGIN

namespace detail {
/// Finds the reads of variables that must see a value although the next assignment may come before them. Of the value
/// at the start of the run: fetches, readers that depend on some assignment, and assignments to other variables or
/// behind the first one to the same; of a value that an assignment left: all.
class late_reads {
 public:
  constexpr explicit late_reads(module_view const& from) : from_(from), arrays_(from.count.nodes) {
    constexpr u64 variable = define_op<variable_op>::hash, assign = define_op<assign_op>::hash;
    numbering variables;
    vector<int> last;  // the last assignment to each variable
    for (int id = 0; id < from.count.nodes; ++id) {
      state_[id] = 0;
      if (from.nodes[id].op->hash != assign) continue;
      state_[id] = assigns;
      int const v = variables.of(from.nodes[id].identity);
      if (v < last.size()) {
        state_[last[v]] |= replaced;
        state_[id] |= replaces;
        last[v] = id;
      } else {
        last.push_back(id);
      }
    }
    any_ = last.count > 0;
    for (int id = 0; any_ && id < from.count.nodes; ++id) {
      node const& n = from.nodes[id];
      int const* const in = from.edges + n.first_input;
      int state = state_[id];
      for (int i = 0; i < n.input_count; ++i)
        if (state_[in[i]] & (late | assigns)) state |= late;
      if (n.op->kind == op_kind::view) state |= state_[in[0]] & replaced;
      if (n.op->hash == variable && variables.of(n.identity) < last.size()) state |= replaced;
      state_[id] = state;
    }
  }
  /// Any read must be of a copy.
  constexpr bool any() const {
    for (int i = 0; any_ && i < from_.count.fetches; ++i)
      if (fetches_copy(from_.fetches[i])) return true;
    for (int id = 0; any_ && id < from_.count.nodes; ++id) {
      node const& n = from_.nodes[id];
      for (int i = 0; i < n.input_count; ++i)
        if (reads_copy(id, from_.edges[n.first_input + i])) return true;
    }
    return false;
  }
  constexpr bool fetches_copy(int id) const { return state_[behind_views(id)] & replaced; }
  /// Node `id` must read a copy of its input `x`: a value of a variable, or a view of one, that a later assignment of
  /// this run replaces.
  constexpr bool reads_copy(int id, int x) const {
    if (!(state_[x] & replaced)) return false;
    node const& n = from_.nodes[id];
    node const& read = from_.nodes[behind_views(x)];
    if (n.op->kind == op_kind::view || is<group_op>(n.op)) return false;
    return state_[id] & (late | replaces) || is<assign_op>(read.op) ||
           (is<assign_op>(n.op) && n.identity != read.identity);
  }
  constexpr int behind_views(int id) const {
    while (from_.nodes[id].op->kind == op_kind::view) id = from_.input(from_.nodes[id], 0);
    return id;
  }

 private:
  // late: depends on an assignment; replaces: is one behind another to the same variable.
  static constexpr int replaced = 1, late = 2, assigns = 4, replaces = 8;

  module_view from_;
  node_arrays arrays_;
  int* state_ = arrays_.next();
  bool any_ = false;
};
/// Leaves behind what rewriting made unused: moves the other nodes together.
constexpr void compact(module& m) {
  vector<char> needed = reached(m.nodes.begin(), m.size(), m.edges.begin(), m.fetches.begin(), m.fetches.size(),
                                m.feeds.begin(), m.feeds.size(), m.extent_sources.begin(), m.extent_sources.size());
  if (m.symbols.finds) mark_finders(m.symbols, m.nodes.items, m.size(), m.edges.items, m.words.items, needed);
  vector<int> moved;
  moved.reserve(m.size() + 1);
  int* const to = moved.items;
  node* const nodes = m.nodes.items;
  int count = 0;
  for (int id = 0; id < m.nodes.count; ++id) {
    to[id] = count;
    if (!needed.items[id]) continue;
    if (count != id) nodes[count] = nodes[id];
    node const& n = nodes[count];
    int* const in = m.edges.items + n.first_input;
    for (int i = 0; i < n.input_count; ++i) in[i] = to[in[i]];
    ++count;
  }
  while (m.nodes.count > count) m.nodes.pop_back();
  for (int& fetch : m.fetches) fetch = to[fetch];
  for (int& feed : m.feeds)
    if (feed >= 0) feed = to[feed];
  for (int& extent_source : m.extent_sources) extent_source = to[extent_source];
}
/// The graph with copies for those reads.
constexpr module copy_late_reads(module_view const& from, late_reads const& late) {
  module out = begin_from(from);
  vector<int> map(from.count.nodes), inputs;
  auto const snapshot = [&](int id) { return out.add(info<snapshot_op>, &map.items[id], 1, nullptr, 0); };
  for (int id = 0; id < from.count.nodes; ++id) {
    node const& n = from.nodes[id];
    inputs.clear();
    for (int i = 0; i < n.input_count; ++i) {
      int const x = from.input(n, i);
      inputs.push_back(late.reads_copy(id, x) ? snapshot(x) : map[x]);
    }
    map[id] = out.insert(n, inputs.items, n.input_count, from.words + n.first_word, n.word_count);
  }
  for (int i = 0; i < from.count.fetches; ++i) {
    int const id = from.fetches[i];
    bool const copies = late.fetches_copy(id);
    out.fetches.push_back(copies ? reshape(handle(&out, snapshot(late.behind_views(id))), from.nodes[id].shape).id
                                 : map[id]);
  }
  for (int i = 0; i < from.count.feeds; ++i) out.feeds.push_back(from.feeds[i] < 0 ? -1 : map[from.feeds[i]]);
  for (int i = 0; i < from.count.extent_sources; ++i) out.extent_sources.push_back(map[from.extent_sources[i]]);
  return out;
}

/// Drops what no fetch needs, merges equal nodes, folds constants, and lets each op replace itself by something simpler
/// (op_info::simplify). Only rewrites that keep IEEE results are made.
class simplifier {
 public:
  module out;

  constexpr explicit simplifier(module_view const& from) : out(begin_from(from)), from_(from) {
    ids_.reserve(from.count.nodes + 1);
    call_.graph = &out;
  }

  constexpr void begin() {
    needed_ = reached(from_.nodes, from_.count.nodes, from_.edges, from_.fetches, from_.count.fetches, from_.feeds,
                      from_.count.feeds, from_.extent_sources, from_.count.extent_sources);
    if (out.symbols.finds) mark_finders(out.symbols, from_.nodes, from_.count.nodes, from_.edges, from_.words, needed_);
  }
  /// Goes on to node `last` - 1.
  constexpr void run(int last) {
    int* const map = ids_.items;
    simplification& call = call_;
    for (int id = ids_.count; id < last; ++id) {
      map[id] = -1;
      if (!needed_.items[id]) continue;
      node& n = call.self;
      n = from_.nodes[id];
      for (int i = 0; i < n.shape.rank; ++i)
        if (n.shape.extent[i] < 0) n.shape.extent[i] = out.symbols.resolve(n.shape.extent[i]);
      int const* const in = from_.edges + n.first_input;
      if (n.input_count > call.inputs.room) call.inputs.reserve(2 * n.input_count);
      call.inputs.count = n.input_count;
      for (int i = 0; i < n.input_count; ++i) call.inputs.items[i] = map[in[i]];
      i64 const* words = from_.words + n.first_word;
      if (n.op->simplifies || n.op->first_extent > 0) {
        call.words.count = 0;
        call.words.append(words, n.word_count);
        words = call.words.items;
        if (n.op->first_extent > 0)
          for (int i = n.op->first_extent; i < n.word_count; ++i) call.words[i] = out.symbols.resolve(call.words[i]);
        if (n.op->simplifies) {
          call.result = -1;
          n.op->simplify(call);
          if (call.result >= 0) {
            map[id] = call.result;
            rewrites_ = true;
            continue;
          }
        }
      }
      map[id] = out.insert(n, call.inputs.items, n.input_count, words, n.word_count);
    }
    ids_.count = last;
  }
  constexpr void end() {
    int const* const map = ids_.items;
    for (int i = 0; i < from_.count.fetches; ++i) out.fetches.push_back(map[from_.fetches[i]]);
    for (int i = 0; i < from_.count.feeds; ++i) out.feeds.push_back(from_.feeds[i] < 0 ? -1 : map[from_.feeds[i]]);
    for (int i = 0; i < from_.count.extent_sources; ++i) out.extent_sources.push_back(map[from_.extent_sources[i]]);
    if (rewrites_) compact(out);
  }

  /// What a part hands on to the next one.
  template <class Use>
  constexpr void each_list(Use& use) {
    out.each_list(use);
    use.all(needed_, ids_, rewrites_);
  }

 private:
  module_view from_;
  vector<char> needed_;
  vector<int> ids_;  // by node of `from_`: its node in `out`, -1: none
  simplification call_;
  bool rewrites_ = false;
};
}  // namespace detail

/// The graph made simpler, and late reads of variables made of copies: only now it shows what reads a variable.
constexpr module simplify(module_view const& from) {
  if (from.count.nodes > nodes_at_once) {
    module unfinished;
    unfinished.finished = false;
    return unfinished;
  }
  detail::simplifier pass(from);
  pass.begin();
  pass.run(from.count.nodes);
  pass.end();
  module_view const simple(pass.out);
  detail::late_reads const late(simple);
  if (late.any()) return detail::copy_late_reads(simple, late);
  return static_cast<module&&>(pass.out);
}

// The same in parts; each goes on to node `last` - 1.

template <class Pass = detail::simplifier>
constexpr rewriting simplify_first(module_view const& from, int last) {
  Pass pass(from);
  pass.begin();
  pass.run(last);
  return save<rewriting_columns>(pass, false);
}
template <class Pass = detail::simplifier>
constexpr rewriting simplify_further(module_view const& from, rewriting_view const& before, int last) {
  Pass pass(from);
  restore(pass, before);
  pass.run(last < from.count.nodes ? last : from.count.nodes);
  return save<rewriting_columns>(pass, last >= from.count.nodes);
}
template <class Pass = detail::simplifier>
constexpr module simplify_last(module_view const& from, rewriting_view const& before) {
  Pass pass(from);
  restore(pass, before);
  pass.end();
  return static_cast<module&&>(pass.out);
}
constexpr bool has_late_reads(module_view const& simple) { return detail::late_reads(simple).any(); }
constexpr module copy_late_reads(module_view const& simple) {
  return detail::copy_late_reads(simple, detail::late_reads(simple));
}

TFX_END
