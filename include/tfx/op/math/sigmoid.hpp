// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/multiply.hpp>
#include <tfx/op/math/subtract.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// 1 / (1 + e⁻ˣ). Gradient: dy · y (1 - y).
struct sigmoid_op : transcendental<1> {
  static constexpr auto name = "Sigmoid";
  static constexpr auto value(auto x) { return simd::sigmoid(x); }
  static constexpr auto gradient(auto dy, auto y, auto) { return dy * (y * (1.0 - y)); }
};

/// 1 / (1 + e⁻ˣ), for x of any size; also `nn::sigmoid`.
template <name Name = "", expression X>
constexpr result_t<sigmoid_op, Name, X> sigmoid(X const& x) {
  return apply<sigmoid_op, Name>(x);
}

namespace nn {
using tfx::sigmoid;
}  // namespace nn

TFX_END
