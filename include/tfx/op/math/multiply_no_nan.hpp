// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// x · y, and 0 where y is 0, whatever x is. Gradient: the same of dy and y, and of x and dy.
struct multiply_no_nan_op : transcendental<2> {
  static constexpr auto name = "MulNoNan";
  static constexpr auto value(auto x, auto y) {
    auto const zero = simd::fill<decltype(y)>(0);
    return simd::select(y == zero, zero, x * y);
  }
  static constexpr auto gradient(auto dy, auto, auto x, auto y) {
    return handles<2>{{multiply_no_nan(dy, y), multiply_no_nan(x, dy)}};
  }
};

/// x · y, but 0 where y is 0, though x be infinite or NaN; shapes broadcast, a plain number takes the tensor's dtype.
template <name Name = "", class X, class Y, auto Site = [] {}>
  requires operands<X, Y>
constexpr combined<multiply_no_nan_op, Name, X, Y, Site> multiply_no_nan(X const& x, Y const& y) {
  return combine<multiply_no_nan_op, Name, Site>(x, y);
}

TFX_END
