// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>

TFX_BEGIN

/// x + bias along the last axis. Gradient: dy, and its sum over the other axes.
struct bias_add_op : elementwise<2> {
  static constexpr auto name = "BiasAdd";
  /// Not what an addition broadcasts: a vector, as long as x's last axis.
  static constexpr void infer(inference& call) {
    if (call.types[0] != call.types[1])
      return call.refuse_types(refusal_kind::dtype_mismatch, call.types[0], call.types[1]);
    number_or_complex(call, call.types[0]);
    call.type = call.types[0];
    if (call.failed() || call.defer()) return;
    dims const& x = call.shapes[0];
    dims const& bias = call.shapes[1];
    if (x.rank < 2 || bias.rank != 1) return call.refuse(refusal_kind::rank, x, bias);
    call.shape = x;
    call.shape[x.rank - 1] = call.agree(x[x.rank - 1], bias[0], x, bias);
  }
  static constexpr auto value(auto x, auto bias) { return x + bias; }
  static constexpr auto gradient(auto dy, auto, auto, auto) { return handles<2>{{dy, dy}}; }
};

namespace nn {
/// x [..., n] + bias [n], of one dtype: `nn::bias_add(matmul(x, w), b)`. Refused: another length, x without a row.
template <name Name = "", expression X, expression Bias>
constexpr result_t<bias_add_op, Name, X, Bias> bias_add(X const& x, Bias const& bias) {
  return apply<bias_add_op, Name>(x, bias);
}
}  // namespace nn

TFX_END
