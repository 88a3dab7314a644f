// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/nn/softmax.hpp>

TFX_BEGIN

/// x − log Σ exp(x) over the last axis. Gradient: dy − Σ dy · softmax(x).
struct log_softmax_op : row_op {
  static constexpr auto name = "LogSoftmax";
  static constexpr void gradient(auto& call) { call.dx[0] = call.dy - row_sum(call.dy) * apply<softmax_op>(call.x(0)); }
  static constexpr void tangent(auto& call) {
    call.tangent = call.dx[0] - row_sum(call.dx[0] * apply<softmax_op>(call.x(0)));
  }
  template <class Call>
  static void run(Call const& call) {
    kernel::log_softmax<typename Call::out_type, columns<Call>>(call.template in<0>(), call.out(), rows(call),
                                                                row_length(call));
  }
};

namespace nn {
/// Logarithms of probabilities from logits, along an axis (default: the last).
template <name Name = "", expression X, int A = -1>
constexpr auto log_softmax(X const& logits, axes_t<A> = {}) {
  return detail::along_axis<log_softmax_op, Name, A>(logits);
}
}  // namespace nn

TFX_END
