// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/function.hpp>

TFX_BEGIN

/// A tensor that every run is fed with.
struct placeholder_op {
  static constexpr auto name = "Placeholder";
  static constexpr op_kind kind = op_kind::leaf;
  static constexpr op_traits traits{};
  static constexpr void infer(inference&) {}
};
/// What a variable is for. Optimizers change those that are trained; a local one counts within a program, as a metric's
/// do, and has an initializer of its own.
enum class variable_role : unsigned char { trained, kept, local };
/// A tensor that lives in a session; its one input is the initial value, which a run does not read. Word: its role, if
/// it is not trained.
struct variable_op {
  static constexpr auto name = "VariableV2";
  static constexpr op_kind kind = op_kind::leaf;
  static constexpr op_traits traits{.owns_numbers = true};
  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    call.shape = call.shapes[0];
  }
};
constexpr variable_role role_of(descriptor const& variable) {
  return variable.word_count > 0 ? static_cast<variable_role>(variable.words[0]) : variable_role::trained;
}
/// What a session knows a variable by, whatever its initial value is and wherever it is written.
constexpr u64 variable_key(descriptor const& d) {
  u64 key = mix(d.name_hash, static_cast<u64>(d.type));
  for (int i = 0; i < d.shape->rank; ++i) key = mix(key, static_cast<u64>(d.shape->extent[i]));
  return mix(key, static_cast<u64>(d.shape->rank));
}
/// What tells one tensor from another.
constexpr u64 identity_of(descriptor const& d) {
  return d.op->hash == detail::define_op<variable_op>::hash ? variable_key(d) : d.hash;
}

/// A run-time value that rides in the expression.
struct literal_op {
  static constexpr auto name = "Const";
  static constexpr op_kind kind = op_kind::leaf;
  static constexpr op_traits traits{};
  static constexpr void infer(inference&) {}
};
/// What ops share that hand their first input on.
struct same_value {
  static constexpr op_kind kind = op_kind::view;
  static constexpr op_traits traits{};
  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    call.shape = call.shapes[0];
  }
  static constexpr void gradient(gradient_call& call) { call.dx[0] = call.dy; }
  static constexpr void tangent(gradient_call& call) { call.tangent = call.dx[0]; }
};
/// Its input, with anonymous numbers told apart from those in other places of a graph. Words: a tag, and whether that
/// may be done once more. Flattening leaves nothing of it.
struct distinct_op : same_value {
  static constexpr auto name = "Distinct";
  static constexpr std::string_view type(int) { return "Identity"; }
  static constexpr op_traits traits{.transparent = true, .renames_numbers = true, .has_type = true};
};
/// Two values, of which a run computes one: input 0 where the request asks for training, else input 1. Flattening
/// leaves nothing of it but that.
struct by_phase_op : same_value {
  static constexpr auto name = "ByPhase";
  static constexpr op_traits traits{.transparent = true};
  static constexpr void infer(inference& call) {
    same_value::infer(call);
    if (call.types[0] != call.types[1])
      return call.refuse_types(refusal_kind::dtype_mismatch, call.types[0], call.types[1]);
    dims const& training = call.shapes[0];
    dims const& inference = call.shapes[1];
    if (!training.is_known() || !inference.is_known()) return;
    if (training.rank != inference.rank) return call.refuse(refusal_kind::shape_mismatch, training, inference);
    for (int i = 0; i < training.rank; ++i) call.agree(training[i], inference[i], training, inference);
  }
};
/// Its input as training computes it: each by_phase_op that it reaches is its input 0.
struct training_op : same_value {
  static constexpr auto name = "Training";
  static constexpr op_traits traits{.transparent = true};
};
/// The identity of a call that nothing else tells from another: an input of assignments that add and of optimizers.
struct token_op {
  static constexpr auto name = "Token";
  static constexpr op_kind kind = op_kind::leaf;
  static constexpr op_traits traits{.is_token = true};
  static constexpr void infer(inference&) {}
};

TFX_END
