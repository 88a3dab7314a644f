// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/compiler/fuse.hpp>
#include <tfx/graph/region.hpp>

TFX_BEGIN

template <template <class> class Column>
struct order_columns {
  Column<int> order;
};
struct order_facts {
  bool acyclic = true;
};
/// Steps in the order in which they run.
using step_order = table<order_columns, order_facts>;

namespace detail {

/// Orders steps: after what they read, and, where a step writes a variable, after every reader of the value that it
/// replaces. Depth first from the first step on, so that values are made shortly before they are used.
class scheduler {
 public:
  step_order out;

  constexpr scheduler(module_view const& m, step_view const& list)
      : m_(m),
        steps_(list.steps),
        operands_(list.operands),
        symbols_(list.symbols),
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
      if (int const of = steps_[s].node; of >= 0) producer_[of] = s + 1;  // also of what has no value
      int const* const output = operands_ + steps_[s].first_operand + steps_[s].input_count;
      for (int i = 0; i < steps_[s].output_count; ++i)
        if (!m_.nodes[output[i]].op->state) producer_[output[i]] = s + 1;
    }
    find_readers();
    if (m_.count.placed > 0) find_owners();
    for (int s = 0; s < count; ++s) add_edges(s);
    // What a predicate is made of comes before the rest of its loop's body.
    for (int r = 1; r < m_.count.regions && out.acyclic; ++r)
      if (int const p = predicate_of(r); p >= 0) visit(p);
    wait_for_extents();
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
  int const* symbols_;
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
  vector<int> owners_;  // by region: the step that runs it
  vector<link> edges_;
  vector<link> readers_;
  vector<int> stack_;

  constexpr int region_of(int s) const {
    step const& call = steps_[s];
    return m_.region_of(call.node >= 0 && !call.has_epilogue ? call.node
                                                             : operands_[call.first_operand + call.input_count]);
  }
  constexpr void find_owners() {
    owners_ = vector<int>(m_.count.regions, -1);
    for (int s = 0; s < step_count_; ++s)
      for (int r = 1; r < m_.count.regions && steps_[s].node >= 0; ++r)
        if (m_.regions[r].owner == steps_[s].node) owners_[r] = s;
  }
  /// The step that makes the predicate of the loop that runs region r, or -1.
  constexpr int predicate_of(int r) const {
    node const& owner = m_.nodes[m_.regions[r].owner];
    if (!is<loop_op>(owner.op)) return -1;
    loop_form const form(m_.words + owner.first_word);
    return form.has_predicate() ? producer_[source_[m_.input(owner, form.predicate())]] - 1 : -1;
  }
  /// Replaces two steps by those of one region that run them, or are them.
  constexpr void lift(int& a, int& b) const {
    int in_a = region_of(a), in_b = region_of(b);
    while (in_a != in_b) {
      // A region comes behind the one that it is in.
      if (in_a > in_b) {
        a = owners_[in_a];
        in_a = m_.regions[in_a].parent;
      } else {
        b = owners_[in_b];
        in_b = m_.regions[in_b].parent;
      }
    }
  }
  constexpr void before(int s, int first) {
    if (first < 0 || first == s) return;
    if (owners_.count > 0) {
      lift(s, first);
      if (first == s) return;
    }
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
      if (n.op->state) is_version_[id] = 1;
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
    for (int i = 0; i < call.input_count; ++i) {
      before(s, producer_[source_[operand[i]]] - 1);
      wait_for_effects(s, operand[i]);
    }
    for (int i = 0; i < call.output_count; ++i) {
      int const written = operand[call.input_count + i];
      int const replaced = m_.nodes[written].op->state ? written : replaced_[written] - 1;
      if (replaced < 0) continue;
      for (int r = first_reader_[replaced]; r > 0; r = readers_[r - 1].next) before(s, readers_[r - 1].step);
      before(s, producer_[replaced] - 1);
    }
  }
  // What is computed after something that users see: the views between a value and its reader say so.
  constexpr void wait_for_effects(int s, int read) {
    for (; m_.nodes[read].op->kind == op_kind::view; read = m_.edges[m_.nodes[read].first_input]) {
      node const& view = m_.nodes[read];
      for (int i = 1; i < view.input_count; ++i)
        if (int const first = m_.edges[view.first_input + i];
            m_.nodes[first].op->ordered || m_.nodes[first].op->kind == op_kind::region)
          before(s, producer_[first] - 1);
    }
  }
  // After the kernels that find the extents of what a step reads and writes, where no value of theirs tells that.
  constexpr void wait_for_extents() {
    if (!finds_extents(m_)) return;
    found_extents const found(m_);
    for (int s = 0; s < step_count_; ++s) {
      step const& call = steps_[s];
      auto const wait = [&](int node) { before(s, producer_[node] - 1); };
      for (int i = 0; i < call.symbol_count; ++i) found.for_finders(symbols_[call.first_symbol + i], wait);
      // A view of known memory may have such an extent, which is compared then.
      for (int i = 0; i < call.input_count + call.output_count; ++i)
        for (int id = operands_[call.first_operand + i];; id = m_.input(m_.nodes[id], 0)) {
          node const& n = m_.nodes[id];
          for (int k = 0; k < n.shape.rank; ++k)
            if (n.shape[k] < 0) found.for_finders(symbol_of(n.shape[k]), wait);
          if (n.op->kind != op_kind::view) break;
        }
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
constexpr step_order schedule(module_view const& m, step_view const& list) {
  detail::scheduler pass(m, list);
  pass.run();
  return static_cast<step_order&&>(pass.out);
}

TFX_END
