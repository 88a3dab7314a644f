// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/compiler/fuse.hpp>

TFX_BEGIN

struct schedule_result {
  vector<int> order;
  bool acyclic = true;
};

namespace detail {

/// Orders steps: after what they read, and, where a step writes a variable, after every reader of the value that it
/// replaces. Depth first from the first step on, so that values are made shortly before they are used.
class scheduler {
 public:
  schedule_result out;

  constexpr scheduler(module_view const& m, step_list const& list)
      : m_(m),
        list_(list),
        producer_(m.count.nodes + 1, -1),
        version_(m.count.nodes + 1, -1),
        first_edge_(list.steps.size() + 1, -1),
        state_(list.steps.size() + 1, 0) {}

  constexpr void run() {
    for (int s = 0; s < list_.steps.size(); ++s)
      for (int i = 0; i < list_.steps[s].output_count; ++i) producer_[output(s, i)] = s;
    number_versions();
    for (int s = 0; s < list_.steps.size(); ++s) add_edges(s);
    for (int s = 0; s < list_.steps.size() && out.acyclic; ++s) visit(s);
  }

 private:
  struct edge {
    int before, next;
  };
  /// One value of a variable during the run: what it was, or what an assignment made it.
  struct version {
    int node = -1;
    int previous = -1;
    vector<int> readers;  // steps
  };

  module_view m_;
  step_list const& list_;
  vector<int> producer_;  // by node
  vector<int> version_;   // by node: of reads and assignments of variables, an index into versions_
  vector<version> versions_;
  vector<int> first_edge_;
  vector<edge> edges_;
  vector<char> state_;

  constexpr int output(int s, int i) const {
    return list_.operands[list_.steps[s].first_operand + list_.steps[s].input_count + i];
  }
  constexpr int source(int id) const {
    while (m_.nodes[id].op->kind == op_kind::view) id = m_.input(m_.nodes[id], 0);
    return id;
  }
  constexpr void before(int s, int first) {
    if (first < 0 || first == s) return;
    edges_.push_back({first, first_edge_[s]});
    first_edge_[s] = edges_.size() - 1;
  }
  constexpr void number_versions() {
    vector<u64> variables;
    vector<int> latest;
    // Reads see the value at the start, so they come first, wherever they stand.
    for (bool writes : {false, true}) {
      for (int id = 0; id < m_.count.nodes; ++id) {
        node const& n = m_.nodes[id];
        if (!(writes ? is<assign_op>(n.op) : is<variable_op>(n.op))) continue;
        int known = 0;
        while (known < variables.size() && variables[known] != n.identity) ++known;
        if (known == variables.size()) {
          variables.push_back(n.identity);
          latest.push_back(-1);
        }
        version_[id] = versions_.size();
        versions_.push_back({id, latest[known], {}});
        latest[known] = version_[id];
      }
    }
    for (int s = 0; s < list_.steps.size(); ++s)
      for (int i = 0; i < list_.steps[s].input_count; ++i)
        if (int const v = version_[source(list_.operands[list_.steps[s].first_operand + i])]; v >= 0)
          versions_[v].readers.push_back(s);
  }
  constexpr void add_edges(int s) {
    step const& call = list_.steps[s];
    for (int i = 0; i < call.input_count; ++i) before(s, producer_[source(list_.operands[call.first_operand + i])]);
    for (int i = 0; i < call.output_count; ++i) {
      int const v = version_[output(s, i)];
      if (v < 0 || versions_[v].previous < 0) continue;
      version const& replaced = versions_[versions_[v].previous];
      for (int reader : replaced.readers) before(s, reader);
      before(s, producer_[replaced.node]);
    }
  }
  constexpr void visit(int root) {
    vector<int> stack;
    stack.push_back(root);
    while (!stack.empty()) {
      int const s = stack.back();
      if (state_[s] == 2) {
        stack.pop_back();
        continue;
      }
      state_[s] = 1;
      bool ready = true;
      for (int e = first_edge_[s]; e >= 0; e = edges_[e].next) {
        int const first = edges_[e].before;
        if (state_[first] == 2) continue;
        if (state_[first] == 1) {
          out.acyclic = false;
          return;
        }
        stack.push_back(first);
        ready = false;
      }
      if (!ready) continue;
      state_[s] = 2;
      out.order.push_back(s);
      stack.pop_back();
    }
  }
};
}  // namespace detail

/// The order of the steps; not acyclic where an assignment was fused with something that a reader of the old value
/// needs.
constexpr schedule_result schedule(module_view const& m, step_list const& list) {
  detail::scheduler pass(m, list);
  pass.run();
  return static_cast<schedule_result&&>(pass.out);
}

TFX_END
