// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/composition.hpp>
#include <tfx/op/math/cast.hpp>
#include <tfx/op/math/subtract.hpp>

TFX_BEGIN

// Losses and metrics do not broadcast: labels of shape [n] beside predictions of shape [n, 1] are a mistake.

/// What both checks share: input 0, if its shape agrees with that of input 1. Other ops see input 0 alone.
struct agreement_op {
  static constexpr op_kind kind = op_kind::composed;
  static constexpr void simplify(simplification& call) { call.result = call.inputs[0]; }
  static constexpr void gradient(gradient_call& call) { call.dx[0] = call.dy; }
  static constexpr void tangent(gradient_call& call) { call.tangent = call.dx[0]; }

 protected:
  static constexpr void infer_agreement(inference& call, bool spreads) {
    call.type = call.types[0];
    call.shape = call.shapes[0];
    dims const& x = call.shapes[0];
    dims const& y = call.shapes[1];
    if (!x.is_known() || !y.is_known() || (spreads && x.rank == 0)) return;
    if (x.rank != y.rank) return call.refuse(refusal_kind::shape_mismatch, x, y);
    for (int i = 0; i < x.rank; ++i)
      if (!spreads || x[i] != 1) call.agree(x[i], y[i], x, y);
  }
};
/// Both shapes are the same.
struct same_shape_op : agreement_op {
  static constexpr auto name = "AssertSameShape";
  static constexpr op_traits traits{.simplifies = true, .mismatch = "Shapes %s and %s are incompatible"};
  static constexpr void infer(inference& call) { infer_agreement(call, false); }
};
/// Weights are a scalar, or of the rank of what they weigh and of extents that are 1 or the same.
struct weights_shape_op : agreement_op {
  static constexpr auto name = "AssertBroadcastable";
  static constexpr op_traits traits{
      .simplifies = true, .mismatch = "weights can not be broadcast to values. weights.shape=%s. values.shape=%s."};
  static constexpr void infer(inference& call) { infer_agreement(call, true); }
};

namespace detail {
constexpr dtype floating_type(dtype type) { return is_floating(type) ? type : dtype::float32; }
/// Predictions as floating numbers, and labels of the same shape in their dtype.
struct compared {
  handle y_true, predictions;
};
template <class Handle>
constexpr compared compare(Handle y_true, Handle predictions) {
  dtype const type = floating_type(predictions.type());
  return {apply<same_shape_op>(cast(y_true, type), predictions), cast(predictions, type)};
}
}  // namespace detail

TFX_END
