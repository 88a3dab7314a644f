// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>

TFX_BEGIN

// The vocabulary that the compiler itself understands: what a run consists of, effects on variables, and markers that a
// pass expands.

/// What Session::run is asked for. Inputs: the fetches, then the feeds. Word: the number of fetches.
struct run_op {
  static constexpr auto name = "Run";
  static constexpr op_kind kind = op_kind::marker;
  static constexpr op_traits traits{};
  static constexpr void infer(inference&) {}
};
/// A tensor that is fed, declared with the shape that the fed value is known to have.
struct feed_op {
  static constexpr auto name = "Feed";
  static constexpr op_kind kind = op_kind::marker;
  static constexpr op_traits traits{};
  static constexpr void infer(inference&) {}
};
/// A tensor that is fed, until derivatives are taken: they go on along input 1, which would compute it. Input 0 is what
/// is fed, and the value.
struct fed_op {
  static constexpr auto name = "Fed";
  static constexpr op_kind kind = op_kind::marker;
  static constexpr op_traits traits{};
  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    call.shape = call.shapes[0];
    dims const& fed = call.shapes[0];
    dims const& computed = call.shapes[1];
    for (int i = 0; fed.rank == computed.rank && i < fed.rank; ++i) call.agree(fed[i], computed[i], fed, computed);
  }
  static constexpr void gradient(gradient_call& call) { call.dx[1] = call.dy; }
  static constexpr void tangent(gradient_call& call) { call.tangent = call.dx[1]; }
};
/// Runs its inputs; no value.
struct group_op {
  static constexpr auto name = "NoOp";
  static constexpr op_kind kind = op_kind::effect;
  static constexpr op_traits traits{};
  static constexpr void infer(inference&) {}
};
/// The first input, computed after all others have run; its reads of variables see what they wrote.
struct with_dependencies_op : same_value {
  static constexpr auto name = "control_dependency";
  static constexpr std::string_view type(int) { return "Identity"; }
  static constexpr op_traits traits{.has_type = true};
  static constexpr void gradient(gradient_call& call);
  static constexpr void tangent(gradient_call& call);
};
namespace detail {
/// What users see happen among what node `id` stands for, itself or the members of a group.
constexpr void add_effects(graph const& g, int id, vector<int>& found) {
  node const& n = g.nodes[id];
  if (n.op->ordered) found.push_back(id);
  for (int i = 0; is<group_op>(n.op) && i < n.input_count; ++i) add_effects(g, g.input(n, i), found);
}
/// A derivative of a value, computed after the checks that the value is computed after. Assignments are not made anew.
constexpr handle after_checks(gradient_call const& call, handle derivative) {
  vector<int> inputs;
  inputs.push_back(derivative.id);
  for (int i = 1; i < call.input_count(); ++i) add_effects(*call.graph, call.x(i).id, inputs);
  if (inputs.count == 1) return derivative;
  return {call.graph, call.graph->add(info<with_dependencies_op>, inputs.items, inputs.count, nullptr, 0)};
}
}  // namespace detail
constexpr void with_dependencies_op::gradient(gradient_call& call) { call.dx[0] = detail::after_checks(call, call.dy); }
constexpr void with_dependencies_op::tangent(gradient_call& call) {
  call.tangent = call.dx[0] ? detail::after_checks(call, call.dx[0]) : call.dx[0];
}
/// Which variables an initializer makes: its inputs, or, of those that its inputs reach, the local ones or the others,
/// or of these what only the first input reaches.
enum class initialized : unsigned char { inputs, global, local, beyond };
/// Makes variables. Word: which.
struct initialize_op {
  static constexpr auto name = "Initialize";
  static constexpr op_kind kind = op_kind::marker;
  static constexpr op_traits traits{};
  static constexpr void infer(inference&) {}
};

/// What a variable begins as, in the initial value of another one where a run makes both; else its value.
struct initialized_value_op {
  static constexpr auto name = "InitializedValue";
  static constexpr op_kind kind = op_kind::marker;
  static constexpr op_traits traits{};
  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    call.shape = call.shapes[0];
  }
};

/// What the three assignments share: inputs are the variable and the value, and, where each call is one of its own, a
/// token; the result is the new value.
struct assignment {
  static constexpr op_traits traits{.mismatch =
                                        "Assign requires shapes of both tensors to match. lhs shape= %s rhs shape= %s"};
  static constexpr op_kind kind = op_kind::effect;
  static constexpr auto gradient = constant_to_derivatives;
  static constexpr void infer(inference& call) {
    if (call.types[0] != call.types[1])
      return call.refuse_types(refusal_kind::dtype_mismatch, call.types[0], call.types[1]);
    call.type = call.types[0];
    call.shape = call.shapes[0];
    if (call.defer()) return;
    dims const& to = call.shapes[0];
    dims const& from = call.shapes[1];
    if (to.rank != from.rank) return call.refuse(refusal_kind::shape_mismatch, to, from);
    // A name may turn out to be the variable's extent: that a run checks (assign_shape).
    for (int i = 0; i < to.rank; ++i)
      if (to[i] >= 0 && from[i] >= 0 && to[i] != from[i]) return call.refuse(refusal_kind::shape_mismatch, to, from);
  }
};
struct assign_op : assignment {
  static constexpr auto name = "Assign";
  static constexpr auto value(auto x) { return x; }
};
struct assign_add_op : assignment {
  static constexpr auto name = "AssignAdd";
};
struct assign_sub_op : assignment {
  static constexpr auto name = "AssignSub";
};

/// A value of the shape `from` goes into the variable, which is of the shape `to`. An extent of `from` that only a fed
/// list tells is refused by the run, as that of any other value that is fed.
constexpr void assign_shape(graph& g, std::string_view variable, dims const& to, dims const& from) {
  g.symbols.asking = &info<assign_op>;
  g.symbols.variable = variable;
  bool fits = to.rank == from.rank;
  for (int i = 0; fits && i < to.rank; ++i) {
    fits = g.symbols.unify(to[i], from[i], to, from);
    if (fits || from[i] >= 0) continue;
    g.symbols.refuse_in_run(to[i], from[i], to, from);
    fits = true;
  }
  g.symbols.variable = {};
  if (fits || g.error.kind != refusal_kind::none) return;
  g.error.kind = refusal_kind::shape_mismatch;
  g.error.op = &info<assign_op>;
  g.error.first = to;
  g.error.second = from;
}

/// A copy of a value that a variable had, for whoever reads it after the variable was assigned again.
struct snapshot_op : elementwise<1> {
  static constexpr auto name = "Snapshot";
  static constexpr void infer(inference& call) { infer_same(call, any_dtype); }
  static constexpr auto value(auto x) { return x; }
  static auto const& texts(auto const& x) { return x; }
};

/// What an optimizer keeps beside each variable, in its dtype and shape: a variable of its own. The suffix tells
/// several apart. It begins as `initial` everywhere, or as one of the optimizer's parameters, which is a number.
struct slot {
  std::string_view name;
  std::string_view suffix{};
  double initial = 0;
  int parameter = -1;
};
/// What an optimizer's rule sees: one variable, the loss's gradient along it, the optimizer's parameters, and the
/// variable's slots. It leaves the variable's new value in `result`, those of the slots in their places. What it needs
/// of the whole step it computes once, from all `gradients` of it, and keeps in `shared` for the variables that follow.
struct update_call {
  handle variable, gradient;
  vector<handle> parameters, slots, gradients;
  handle result, shared;
};
/// Base of optimizers' markers: a step that lowers input 0 along every variable that it depends on. Further inputs: the
/// optimizer's parameters, a token, and, where it keeps `slots` or changes only some of those variables, each of these
/// followed by its slots.
struct minimization {
  static constexpr op_kind kind = op_kind::marker;
  static constexpr op_traits traits{.updates = true, .has_type = true, .derives = derivation::reverse};
  static constexpr std::string_view type(int) { return group_op::name; }
  static constexpr void infer(inference& call) { only_floating(call, call.types[0]); }
};
namespace detail {
/// "Apply" and the optimizer's name.
template <class Op>
struct application_name {
  char text[64] = {};
  std::size_t size = 0;
  constexpr application_name() {
    for (std::string_view const part : {std::string_view("Apply"), std::string_view(Op::name)})
      for (char const c : part) text[size++] = c;
  }
};
template <class Op>
inline constexpr application_name<Op> application_name_of{};
}  // namespace detail
/// The step of the optimizer `Op` along gradients that are given. Inputs: the optimizer's parameters, a token, and for
/// each variable its gradient, the variable and its slots. Words: how many parameters and how many variables there are.
template <class Op>
struct gradient_application : Op {
  static constexpr std::string_view name{detail::application_name_of<Op>.text, detail::application_name_of<Op>.size};
  static constexpr op_traits traits{.updates = true, .has_type = true};
  static constexpr void infer(inference& call) {
    int const first = static_cast<int>(call.words[0]) + 1, count = static_cast<int>(call.words[1]);
    for (int i = 0; i < count; ++i) {
      int const at = first + i * ((call.input_count() - first) / count);
      only_floating(call, call.types[at + 1]);
      if (call.types[at] != call.types[at + 1])
        return call.refuse_types(refusal_kind::dtype_mismatch, call.types[at], call.types[at + 1]);
      dims const& gradient = call.shapes[at];
      dims const& variable = call.shapes[at + 1];
      if (!gradient.is_known() || !variable.is_known()) continue;
      if (gradient.rank != variable.rank) return call.refuse(refusal_kind::shape_mismatch, gradient, variable);
      for (int k = 0; k < gradient.rank; ++k) call.agree(gradient[k], variable[k], gradient, variable);
    }
  }
};

/// Reverse derivative of the sum of input 0 along input 1; input 2, where there is one, weighs input 0's elements. A
/// word: input 1 reaches an unnamed constant, so that the one in input 0 may be told apart from it.
struct gradients_op {
  static constexpr auto name = "Gradient";
  static constexpr op_kind kind = op_kind::marker;
  static constexpr op_traits traits{.derives = derivation::reverse};
  static constexpr bool is_unnamed(node const& marker) { return marker.word_count > 0; }
  static constexpr void infer(inference& call) {
    for (int i = 0; i < 2; ++i) only_floating(call, call.types[i]);
    call.type = call.types[1];
    call.shape = call.shapes[1];
    if (call.input_count() < 3) return;
    dims const& y = call.shapes[0];
    dims const& weight = call.shapes[2];
    if (!y.is_known() || !weight.is_known()) return;
    if (y.rank != weight.rank) return call.refuse(refusal_kind::shape_mismatch, y, weight);
    for (int i = 0; i < y.rank; ++i) call.agree(y[i], weight[i], y, weight);
  }
};
/// Forward derivative of input 0 where input 1 moves along input 2.
struct jvp_op {
  static constexpr auto name = "Jvp";
  static constexpr op_kind kind = op_kind::marker;
  static constexpr op_traits traits{.derives = derivation::forward};
  static constexpr void infer(inference& call) {
    for (int i = 0; i < 3; ++i) only_floating(call, call.types[i]);
    call.type = call.types[0];
    call.shape = call.shapes[0];
    dims const& x = call.shapes[1];
    dims const& along = call.shapes[2];
    if (!x.is_known() || !along.is_known()) return;
    if (x.rank != along.rank) return call.refuse(refusal_kind::shape_mismatch, x, along);
    for (int i = 0; i < x.rank; ++i) call.agree(x[i], along[i], x, along);
  }
};

TFX_END
