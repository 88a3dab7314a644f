// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>
#include <tfx/op/math/divide.hpp>
#include <tfx/op/math/multiply.hpp>
#include <tfx/op/math/negative.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// x / y, and 0 where y is 0. Gradient: that of the division, and 0 where y is 0.
struct div_no_nan_op : transcendental<2> {
  static constexpr auto name = "DivNoNan";
  static constexpr auto value(auto x, auto y) {
    auto const zero = simd::fill<decltype(y)>(0);
    return simd::select(y == zero, zero, x / y);
  }
  static constexpr auto gradient(auto dy, auto quotient, auto, auto y) {
    return handles<2>{{div_no_nan(dy, y), dy * div_no_nan(-quotient, y)}};
  }
};

/// x / y, but 0 where y is 0; shapes broadcast, a plain number takes the tensor's dtype.
template <name Name = "", class X, class Y, auto Site = [] {}>
  requires operands<X, Y>
constexpr combined<div_no_nan_op, Name, X, Y, Site> div_no_nan(X const& x, Y const& y) {
  return combine<div_no_nan_op, Name, Site>(x, y);
}

TFX_END
