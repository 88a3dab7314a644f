// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/where.hpp>
#include <tfx/op/math/less_equal.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// The smaller of two; NaN if either is. Gradient: dy to x where x ≤ y, else to y.
struct minimum_op : arithmetic<2> {
  static constexpr auto name = "Minimum";
  static constexpr auto value(auto x, auto y) { return simd::min(x, y); }
  static constexpr auto gradient(auto dy, auto, auto x, auto y) {
    return handles<2>{{where(x <= y, dy, 0.0), where(x <= y, 0.0, dy)}};
  }
};

/// The smaller of x and y; shapes broadcast, a plain number takes the tensor's dtype.
template <name Name = "", class X, class Y, auto Site = [] {}>
  requires operands<X, Y>
constexpr combined<minimum_op, Name, X, Y, Site> minimum(X const& x, Y const& y) {
  return combine<minimum_op, Name, Site>(x, y);
}

TFX_END
