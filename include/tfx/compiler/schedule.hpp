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

  constexpr scheduler(module_view const& m, step_view const& list)
      : m_(m),
        steps_(list.steps),
        operands_(list.operands),
        step_count_(list.count.steps),
        of_nodes_(m.count.nodes),
        of_steps_(list.count.steps) {
    edges_.reserve(2 * list.count.operands);
    readers_.reserve(list.count.operands);
    out.order.reserve(list.count.steps);
  }

  constexpr void run() {
    int const count = step_count_;
    find_versions();
    for (int s = 0; s < count; ++s) {
      first_edge_[s] = state_[s] = 0;
      int const* const output = operands_ + steps_[s].first_operand + steps_[s].input_count;
      for (int i = 0; i < steps_[s].output_count; ++i) producer_[output[i]] = s + 1;
    }
    find_readers();
    for (int s = 0; s < count; ++s) add_edges(s);
    // A run that fails should have changed nothing: what may fail comes first.
    for (int s = 0; s < count && out.acyclic; ++s)
      if (steps_[s].may_fail) visit(s);
    for (int s = 0; s < count && out.acyclic; ++s) visit(s);
  }

 private:
  struct link {
    int step, next;  // next: an index + 1, 0 at the end
  };

  module_view m_;
  step const* steps_;
  int const* operands_;
  int step_count_;
  node_arrays of_nodes_;
  node_arrays of_steps_;
  int* producer_ = of_nodes_.next();  // the step + 1
  int* source_ = of_nodes_.next();    // the node whose memory it is
  // One value of a variable during the run: what it was, or what an assignment made it.
  int* is_version_ = of_nodes_.next();
  int* replaced_ = of_nodes_.next();      // of an assignment: the node of the value that it replaces, + 1
  int* first_reader_ = of_nodes_.next();  // of a version: a link + 1
  int* first_edge_ = of_steps_.next();    // a link + 1
  int* state_ = of_steps_.next();
  vector<link> edges_;
  vector<link> readers_;
  vector<int> stack_;

  constexpr void before(int s, int first) {
    if (first < 0 || first == s) return;
    edges_.push_back({first, first_edge_[s]});
    first_edge_[s] = edges_.size();
  }
  constexpr void find_versions() {
    constexpr u64 variable = define_op<variable_op>::hash, assign = define_op<assign_op>::hash;
    numbering variables;
    vector<int> latest;  // by variable: a node + 1
    vector<int> assignments;
    auto const version = [&](int id) {
      int const v = variables.of(m_.nodes[id].identity);
      if (v == latest.count) latest.push_back(0);
      is_version_[id] = 1;
      replaced_[id] = latest.items[v];
      latest.items[v] = id + 1;
    };
    for (int id = 0; id < m_.count.nodes; ++id) {
      node const& n = m_.nodes[id];
      source_[id] = n.op->kind == op_kind::view ? source_[m_.edges[n.first_input]] : id;
      is_version_[id] = replaced_[id] = first_reader_[id] = producer_[id] = 0;
      if (n.op->hash == assign) assignments.push_back(id);
      if (n.op->hash == variable) version(id);
    }
    // Reads see the value at the start, so they come first, wherever they stand.
    for (int i = 0; i < assignments.count; ++i) version(assignments.items[i]);
  }
  constexpr void find_readers() {
    for (int s = 0; s < step_count_; ++s) {
      int const* const input = operands_ + steps_[s].first_operand;
      for (int i = 0; i < steps_[s].input_count; ++i) {
        int const read = source_[input[i]];
        if (!is_version_[read]) continue;
        readers_.push_back({s, first_reader_[read]});
        first_reader_[read] = readers_.size();
      }
    }
  }
  constexpr void add_edges(int s) {
    step const& call = steps_[s];
    int const* const operand = operands_ + call.first_operand;
    for (int i = 0; i < call.input_count; ++i) before(s, producer_[source_[operand[i]]] - 1);
    for (int i = 0; i < call.output_count; ++i) {
      int const replaced = replaced_[operand[call.input_count + i]] - 1;
      if (replaced < 0) continue;
      for (int r = first_reader_[replaced]; r > 0; r = readers_[r - 1].next) before(s, readers_[r - 1].step);
      before(s, producer_[replaced] - 1);
    }
  }
  constexpr void visit(int root) {
    enum { met = 1, done = 2 };
    if (state_[root] == done) return;
    stack_.push_back(root);
    while (!stack_.empty()) {
      int const s = stack_.back();
      if (state_[s] == done) {
        stack_.pop_back();
        continue;
      }
      state_[s] = met;
      bool ready = true;
      for (int e = first_edge_[s]; e > 0;) {
        link const& edge = edges_[e - 1];
        int const first = edge.step;
        e = edge.next;
        if (state_[first] == done) continue;
        if (state_[first] == met) {
          out.acyclic = false;
          return;
        }
        stack_.push_back(first);
        ready = false;
      }
      if (!ready) continue;
      state_[s] = done;
      out.order.push_back(s);
      stack_.pop_back();
    }
  }
};
}  // namespace detail

/// The order of the steps; not acyclic where an assignment was fused with something that a reader of the old value
/// needs.
constexpr schedule_result schedule(module_view const& m, step_view const& list) {
  detail::scheduler pass(m, list);
  pass.run();
  return static_cast<schedule_result&&>(pass.out);
}

/// The order of that many steps, kept.
template <int Steps>
struct frozen_order {
  int of[Steps + 1];
  bool acyclic;
};
template <int Steps>
constexpr frozen_order<Steps> freeze(schedule_result const& result) {
  frozen_order<Steps> f{};
  f.acyclic = result.acyclic && detail::copy_all(f.of, Steps, result.order);
  return f;
}

TFX_END
