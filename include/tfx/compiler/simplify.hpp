// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/compiler/module.hpp>
#include <tfx/op/reshape.hpp>

TFX_BEGIN

namespace detail {
/// Finds the reads of variables that must see a value although the next assignment may come before them. Of the value
/// at the start of the run: fetches, readers that depend on some assignment, and assignments to other variables; of a
/// value that an assignment left: all.
class late_reads {
 public:
  constexpr explicit late_reads(module_view const& from)
      : from_(from), late_(from.count.nodes + 1, 0), replaced_(from.count.nodes + 1, 0) {
    for (bool reads : {false, true}) {
      for (int id = 0; id < from.count.nodes; ++id) {
        node const& n = from.nodes[id];
        if (!(reads ? is<variable_op>(n.op) : is<assign_op>(n.op))) continue;
        int known = 0;
        while (known < last_.size() && from.nodes[last_[known]].identity != n.identity) ++known;
        if (known < last_.size()) {
          replaced_[reads ? id : last_[known]] = 1;
          if (!reads) last_[known] = id;
        } else if (!reads) {
          last_.push_back(id);
        }
      }
    }
  }
  /// Node `id` is a value of a variable that a later assignment of this run replaces.
  constexpr bool is_replaced(int id) const { return replaced_[id]; }
  /// Node `id`, which was noted, must read a copy of its input `x`.
  constexpr bool reads_copy(int id, int x) const {
    node const& n = from_.nodes[id];
    int const read = behind_views(x);
    if (!is_replaced(read) || n.op->kind == op_kind::view || is<group_op>(n.op)) return false;
    return late_[id] || is<assign_op>(from_.nodes[read].op) ||
           (is<assign_op>(n.op) && n.identity != from_.nodes[read].identity);
  }
  constexpr void note(int id) {
    node const& n = from_.nodes[id];
    for (int i = 0; i < n.input_count && !late_[id]; ++i) {
      int const x = from_.input(n, i);
      late_[id] = late_[x] || is<assign_op>(from_.nodes[x].op);
    }
  }
  constexpr int behind_views(int id) const {
    while (from_.nodes[id].op->kind == op_kind::view) id = from_.input(from_.nodes[id], 0);
    return id;
  }

 private:
  module_view from_;
  vector<char> late_;
  vector<char> replaced_;
  vector<int> last_;  // the last assignment to each variable
};
/// Marks what the fetches need; feeds are kept, so that they are checked even where nothing depends on them.
template <class Module>
constexpr vector<char> reached(Module const& m, int fetch_count, int feed_count) {
  vector<char> needed(m.size() + 1, 0);
  for (int i = 0; i < fetch_count; ++i) needed[m.fetches[i]] = 1;
  for (int i = 0; i < feed_count; ++i)
    if (m.feeds[i] >= 0) needed[m.feeds[i]] = 1;
  for (int id = m.size() - 1; id >= 0; --id) {
    if (!needed[id]) continue;
    node const& n = m.nodes[id];
    for (int i = 0; i < n.input_count; ++i) needed[m.input(n, i)] = 1;
  }
  return needed;
}
/// Leaves behind what rewriting made unused.
constexpr module compact(module&& m) {
  vector<char> const needed = reached(m, m.fetches.size(), m.feeds.size());
  int dead = 0;
  for (int id = 0; id < m.size(); ++id) dead += !needed[id];
  if (dead == 0) return static_cast<module&&>(m);
  module out;
  out.symbols = m.symbols;
  out.error = m.error;
  vector<int> map(m.size(), -1);
  vector<int> inputs;
  for (int id = 0; id < m.size(); ++id) {
    if (!needed[id]) continue;
    node const& n = m.nodes[id];
    inputs.clear();
    for (int i = 0; i < n.input_count; ++i) inputs.push_back(map[m.input(n, i)]);
    map[id] = out.insert(n, inputs.begin(), n.input_count, m.words_of(n), n.word_count);
  }
  for (int fetch : m.fetches) out.fetches.push_back(map[fetch]);
  for (int feed : m.feeds) out.feeds.push_back(feed < 0 ? -1 : map[feed]);
  return out;
}
constexpr int snapshot(module& m, int id) { return m.add(info<snapshot_op>, &id, 1, nullptr, 0); }
}  // namespace detail

/// Drops what no fetch needs, merges equal nodes, folds constants, and lets each op replace itself by something simpler
/// (op_info::simplify). Only rewrites that keep IEEE results are made.
constexpr module simplify(module_view const& from) {
  module out = begin_from(from);
  vector<char> const needed = detail::reached(from, from.count.fetches, from.count.feeds);
  detail::late_reads late(from);
  vector<int> map(from.count.nodes + 1, -1);
  vector<int> inputs;
  vector<i64> attributes;
  for (int id = 0; id < from.count.nodes; ++id) {
    if (!needed[id]) continue;
    node n = from.nodes[id];
    for (int i = 0; i < n.shape.rank; ++i)
      if (n.shape[i] < 0) n.shape[i] = out.symbols.resolve(n.shape[i]);
    inputs.clear();
    attributes.clear();
    late.note(id);
    for (int i = 0; i < n.input_count; ++i) {
      int const x = from.input(n, i);
      inputs.push_back(late.reads_copy(id, x) ? detail::snapshot(out, map[x]) : map[x]);
    }
    for (int i = 0; i < n.word_count; ++i) attributes.push_back(from.word(n, i));
    if (n.op->first_extent > 0)
      for (int i = n.op->first_extent; i < n.word_count; ++i) attributes[i] = out.symbols.resolve(attributes[i]);
    if (n.op->simplifies) {
      simplification call;
      call.graph = &out;
      call.self = n;
      call.inputs = &inputs;
      call.words = &attributes;
      n.op->simplify(call);
      if (call.result >= 0) {
        map[id] = call.result;
        continue;
      }
    }
    map[id] = out.insert(n, inputs.begin(), inputs.size(), attributes.begin(), attributes.size());
  }
  for (int i = 0; i < from.count.fetches; ++i) {
    int const id = from.fetches[i];
    int const source = late.behind_views(id);
    int fetch = map[id];
    if (late.is_replaced(source)) {
      handle value = {&out, detail::snapshot(out, map[source])};
      fetch = reshape(value, out.nodes[fetch].shape).id;
    }
    out.fetches.push_back(fetch);
  }
  for (int i = 0; i < from.count.feeds; ++i) out.feeds.push_back(from.feeds[i] < 0 ? -1 : map[from.feeds[i]]);
  return detail::compact(static_cast<module&&>(out));
}

TFX_END
