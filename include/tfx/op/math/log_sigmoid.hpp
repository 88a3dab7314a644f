// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/negative.hpp>
#include <tfx/op/math/sigmoid.hpp>

TFX_BEGIN

/// log(1 / (1 + e⁻ˣ)) = −softplus(−x). Gradient: dy · sigmoid(−x).
struct log_sigmoid_op : transcendental<1> {
  static constexpr auto name = "LogSigmoid";
  static constexpr auto value(auto x) { return -simd::softplus(-x); }
  static constexpr auto gradient(auto dy, auto, auto x) { return dy * sigmoid(-x); }
};

/// log(1 / (1 + e⁻ˣ)), without overflow.
template <name Name = "", expression X>
constexpr result_t<log_sigmoid_op, Name, X> log_sigmoid(X const& x) {
  return apply<log_sigmoid_op, Name>(x);
}

TFX_END
