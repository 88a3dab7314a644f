// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// dy where 0 < y < 6: the gradient of relu6. Gradient: the same of dy, 0 to y.
struct relu6_gradient_op : arithmetic<2> {
  static constexpr auto name = "Relu6Grad";
  static constexpr auto value(auto dy, auto y) {
    auto const zero = simd::fill<decltype(y)>(0);
    return simd::select((y > zero) & (y < simd::fill<decltype(y)>(6)), dy, zero);
  }
  static constexpr auto gradient(auto dz, auto, auto, auto y) {
    return handles<2>{{apply<relu6_gradient_op>(dz, y), fill_like(y, 0.0)}};
  }
};

/// min(max(x, 0), 6); NaN stays. Gradient: dy where 0 < y < 6.
struct relu6_op : arithmetic<1> {
  static constexpr auto name = "Relu6";
  static constexpr auto value(auto x) {
    return simd::min(simd::max(x, simd::fill<decltype(x)>(0)), simd::fill<decltype(x)>(6));
  }
  static constexpr auto gradient(auto dy, auto y, auto) { return apply<relu6_gradient_op>(dy, y); }
};

namespace nn {
/// min(max(x, 0), 6).
template <name Name = "", expression X>
constexpr result_t<relu6_op, Name, X> relu6(X const& x) {
  return apply<relu6_op, Name>(x);
}
}  // namespace nn

TFX_END
