// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// dy where y > 0, so 0 at 0: the gradient of relu. Gradient: the same of dy, 0 to y.
struct relu_gradient_op : arithmetic<2> {
  static constexpr auto name = "ReluGrad";
  static constexpr auto value(auto dy, auto y) {
    auto const zero = simd::fill<decltype(y)>(0);
    return simd::select(y > zero, dy, zero);
  }
  static constexpr auto gradient(auto dz, auto, auto, auto y) {
    return handles<2>{{apply<relu_gradient_op>(dz, y), fill_like(y, 0.0)}};
  }
};

/// max(x, 0); NaN stays. Gradient: dy where y > 0, so 0 at 0.
struct relu_op : arithmetic<1> {
  static constexpr auto name = "Relu";
  static constexpr auto value(auto x) { return simd::max(x, simd::fill<decltype(x)>(0)); }
  static constexpr auto gradient(auto dy, auto y, auto) { return apply<relu_gradient_op>(dy, y); }
};

namespace nn {
/// max(x, 0): `nn::relu(matmul(x, w) + b)`.
template <name Name = "", expression X>
constexpr result_t<relu_op, Name, X> relu(X const& x) {
  return apply<relu_op, Name>(x);
}
}  // namespace nn

TFX_END
