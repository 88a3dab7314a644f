// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/numbering.hpp>
#include <tfx/graph/descriptor.hpp>

TFX_BEGIN

// What a derivative passes on its way back, and which op on it has no rule. A pass over nodes has the last word
// (compiler/differentiate.hpp); this is for the line that asks for a derivative.
namespace detail {
/// What derivatives may come to: an op of several outputs has no dtype itself, and quantized numbers stand for floats.
constexpr bool is_derived(op_info const& op, dtype result) {
  return is_floating(result) || is_quantized(result) || op.has_outputs;
}
/// Derivatives come through an op with such a result to its inputs, by a rule.
constexpr bool passes_derivatives(op_info const& op, dtype result) {
  return is_derived(op, result) && !op.is_constant && op.kind != op_kind::leaf && op.kind != op_kind::marker;
}
/// Some op of what has these inputs has no rule in one of the two modes.
constexpr bool lacks_rule(op_info const& op, dtype result, descriptor const* const* inputs, int input_count) {
  if (!passes_derivatives(op, result)) return false;
  bool const lacks = op.kind != op_kind::output && (!op.has_gradient || !op.has_tangent);
  for (int i = 0; i < input_count; ++i)
    if (inputs[i]->lacks_rule || (lacks && is_floating(inputs[i]->type))) return true;
  return false;
}

/// What derivatives of `root` come to, itself first.
constexpr vector<descriptor const*> passed_by_derivatives(descriptor const& root) {
  vector<descriptor const*> met;
  numbering seen;
  seen.of(root.hash);
  met.push_back(&root);
  for (int at = 0; at < met.count; ++at) {
    descriptor const& d = *met.items[at];
    if (!passes_derivatives(*d.op, d.type)) continue;
    // A view hands its first input on, whatever else it waits for.
    for (int i = 0; i < (d.op->kind == op_kind::view ? 1 : d.input_count); ++i) {
      int const known = seen.keys.count;
      if (is_derived(*d.inputs[i]->op, d.inputs[i]->type) && seen.of(d.inputs[i]->hash) == known)
        met.push_back(d.inputs[i]);
    }
  }
  return met;
}
constexpr bool is_one_tensor(descriptor const& d, descriptor const& x) {
  return d.hash == x.hash ||
         (d.op->owns_numbers && x.op->owns_numbers && d.name_hash == x.name_hash && d.type == x.type);
}
/// Whether the marker `op` derives along `d`: its input 1, or of an optimizer the variables behind its token, or any.
constexpr bool is_derived_along(op_info const& op, descriptor const* const* inputs, int input_count,
                                descriptor const& d) {
  if (!op.updates) return is_one_tensor(d, meaning(*inputs[1]));
  int at = 1;
  while (!inputs[at]->op->is_token) ++at;
  if (at + 1 == input_count) return d.op->owns_numbers;
  for (int i = at + 1; i < input_count; ++i)
    if (is_one_tensor(d, meaning(*inputs[i]))) return true;
  return false;
}
/// The op without a rule on a path from what the marker `op` derives to what it derives along. Whether there is one is
/// said apart: under -fsanitize=undefined g++ does not take a template's address for one that is not null.
struct found_op {
  bool found = false;
  op_info const* op = nullptr;
};
constexpr found_op missing_rule(op_info const& op, descriptor const* const* inputs, int input_count) {
  for (descriptor const* d : passed_by_derivatives(*inputs[0])) {
    if (!passes_derivatives(*d->op, d->type) || d->op->kind == op_kind::output) continue;
    if (op.derives == derivation::forward ? d->op->has_tangent : d->op->has_gradient) continue;
    for (descriptor const* behind : passed_by_derivatives(*d))
      if (behind->hash != d->hash && is_derived_along(op, inputs, input_count, *behind)) return {true, d->op};
  }
  return {};
}
}  // namespace detail

TFX_END
