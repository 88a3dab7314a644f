// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/compiler/module.hpp>
#include <tfx/op/math/add.hpp>
#include <tfx/op/math/reduce_sum.hpp>

TFX_BEGIN

namespace detail {

/// Takes the derivatives of nodes, one at a time, in nodes like any other: each op's own rule is asked.
class node_derivatives {
 public:
  module out;

 protected:
  static constexpr int no_limit = 1 << 30;

  /// The adjoint of each node, -1: none.
  struct adjoint_list {
    vector<int> of;
    // An op of several outputs has no adjoint itself: in the place of one stands the first of a list of outputs that
    // have.
    vector<int> next_output;

    constexpr explicit adjoint_list(int nodes = 0) : of(nodes, -1) {}
  };

  module_view from_;
  vector<int> ids_;
  int* map_ = ids_.begin();  // by node of `from_`: its node in `out`, -1: not there yet
  vector<int> fed_;          // the nodes of fed_op in `out`

  constexpr explicit node_derivatives(module_view const& from)
      : out(begin_from(from)), from_(from), ids_(from.count.nodes + 1, -1) {}

  /// What is fed in the place of node `id`, or -1.
  constexpr int fed_for(int id) const {
    for (int const f : fed_)
      if (out.input(out.nodes[f], 1) == id) return out.input(out.nodes[f], 0);
    return -1;
  }
  constexpr int output_of_node(int id) const { return static_cast<int>(out.word(out.nodes[id], 0)); }
  constexpr void note_fed_outputs(gradient_call& call) {
    call.fed_outputs.clear();
    if (!fed_.empty()) call.fed_outputs.resize(out.output_count(call.id), -1);
    for (int const f : fed_) {
      int const id = out.input(out.nodes[f], 1);
      if (out.nodes[id].op->kind == op_kind::output && out.input(out.nodes[id], 0) == call.id)
        call.fed_outputs[output_of_node(id)] = out.input(out.nodes[f], 0);
    }
  }
  /// Derivatives would pass a node whose op has no rule for them.
  constexpr void refuse_rule(op_info const& op, refusal_kind why) {
    if (out.error.kind != refusal_kind::none) return;
    out.error.kind = why;
    out.error.op = &op;
  }
  /// Numbers that have derivatives, or would have them if they were real (passes_complex).
  static constexpr bool may_vary(node const& n) {
    return !n.op->is_constant && (is_floating(n.type) || is_complex(n.type) || n.op->has_outputs);
  }

  constexpr void add_adjoint(adjoint_list& adjoints, int x, handle more) {
    int& at = adjoints.of.items[x];
    at = at < 0 ? more.id : (handle{&out, at} + more).id;
  }
  /// Takes note of the adjoint of an output for its op.
  constexpr void reverse_output(int id, adjoint_list& adjoints) {
    int const of = out.input(out.nodes[id], 0);
    if (adjoints.next_output.count == 0) adjoints.next_output = vector<int>(adjoints.of.count, -1);
    adjoints.next_output[id] = adjoints.of[of];
    adjoints.of[of] = id;
  }
  /// The adjoints of the outputs of an op of several, those noted before.
  constexpr void list_adjoints(int id, adjoint_list const& adjoints, vector<handle>& dys) {
    dys.clear();
    dys.resize(out.output_count(id));
    for (int of = adjoints.of[id]; of >= 0; of = adjoints.next_output[of])
      dys[output_of_node(of)] = {&out, adjoints.of[of]};
  }
  /// The adjoints of a node's inputs, of those that are marked.
  constexpr void reverse_node(int id, char const* marks, adjoint_list& adjoints, gradient_call& call) {
    int const count = out.nodes[id].input_count;
    op_info const& op = *out.nodes[id].op;
    if (!op.has_gradient) {
      for (int i = 0; i < count; ++i)
        if (int const x = out.input(out.nodes[id], i); marks[x] && is_floating(out.nodes[x].type))
          refuse_rule(op, refusal_kind::no_gradient_rule);
      return;
    }
    call.id = id;
    if (op.has_outputs) {
      list_adjoints(id, adjoints, call.dys);
      note_fed_outputs(call);
    } else {
      call.dy = {&out, adjoints.of[id]};
      call.fed = fed_for(id);
    }
    call.dx.clear();
    call.dx.resize(count);
    op.gradient(call);
    for (int i = 0; i < count; ++i) {
      node const* const nodes = out.nodes.begin();
      int const x = out.edges[nodes[id].first_input + i];
      handle g = call.dx[i];
      if (!marks[x] || g.id < 0 || !is_floating(nodes[x].type)) continue;
      if (op.kind == op_kind::elementwise && !(nodes[g.id].shape == nodes[x].shape))
        g = reshape_to(g, nodes[x].shape, nodes[id].shape);
      add_adjoint(adjoints, x, g);
    }
  }
  // An elementwise gradient may be smaller than the result (dy · constant of a scalar) or larger than the input.
  static constexpr handle reshape_to(handle g, dims input, dims result) {
    return sum_to(g.shape() == result ? g : broadcast_to(g, result), input);
  }

  /// The tangent of each node, -1: none; of an op of several outputs where those of its outputs begin in `of_outputs`.
  struct tangent_list {
    vector<int> of;
    vector<int> of_outputs;

    constexpr explicit tangent_list(int nodes) : of(nodes, -1) {}
  };
  constexpr void forward_output(int id, tangent_list& tangents) {
    int const list = tangents.of[out.input(out.nodes[id], 0)];
    if (list >= 0) tangents.of[id] = tangents.of_outputs[list + output_of_node(id)];
  }
  constexpr void keep_tangents(int id, vector<handle> const& of_outputs, tangent_list& tangents) {
    tangents.of[id] = tangents.of_outputs.count;
    for (handle const& moved : of_outputs) tangents.of_outputs.push_back(moved.id);
  }
  /// The tangent of a node, where one of its inputs has one.
  constexpr void forward_node(int id, tangent_list& tangents, gradient_call& call) {
    int const count = out.nodes[id].input_count;
    op_info const& op = *out.nodes[id].op;
    call.id = id;
    call.tangent = {};
    call.fed = fed_for(id);
    call.dx = vector<handle>(count);
    bool any = false;
    for (int k = 0; k < count; ++k) {
      int const input = out.input(out.nodes[id], k);
      if (tangents.of[input] < 0) continue;
      call.dx[k] = {&out, tangents.of[input]};
      any = true;
    }
    if (!any || op.is_constant) return;
    if (!op.has_tangent)
      refuse_rule(op, op.has_gradient ? refusal_kind::no_forward_rule : refusal_kind::no_gradient_rule);
    if (op.has_outputs) {
      call.tangents.clear();
      call.tangents.resize(out.output_count(id));
      note_fed_outputs(call);
    }
    op.tangent(call);
    if (op.has_outputs) keep_tangents(id, call.tangents, tangents);
    dims const shape = out.nodes[id].shape;  // a copy: adding nodes moves them
    if (call.tangent) tangents.of[id] = broadcast_to(call.tangent, shape).id;
  }
};

}  // namespace detail
TFX_END
