// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/where.hpp>
#include <tfx/op/math/abs.hpp>
#include <tfx/op/math/less_equal.hpp>
#include <tfx/op/math/multiply.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// x / 5 + 1/2, but not less than 0 and not more than 1; NaN stays. Gradient: dy / 5 where |x| ≤ 5/2, else 0.
struct hard_sigmoid_op : transcendental<1> {
  static constexpr auto name = "HardSigmoid";
  static constexpr auto value(auto x) {
    using V = decltype(x);
    auto const line = x * simd::fill<V>(simd::lane_t<V>(0.2)) + simd::fill<V>(0.5);
    return simd::min(simd::max(line, simd::fill<V>(0)), simd::fill<V>(1));
  }
  static constexpr auto gradient(auto dy, auto, auto x) { return where(abs(x) <= 2.5, dy * 0.2, 0.0); }
};

namespace nn {
/// clip(0.2 · x + 0.5, 0, 1), a sigmoid of straight lines: the recurrent activation of Keras' LSTM and GRU. Gradient:
/// 0.2 · dy on the closed interval from −2.5 to 2.5, as clip_by_value has it.
template <name Name = "", expression X>
constexpr result_t<hard_sigmoid_op, Name, X> hard_sigmoid(X const& x) {
  return apply<hard_sigmoid_op, Name>(x);
}
}  // namespace nn

TFX_END
