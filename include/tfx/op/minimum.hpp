// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/less_equal.hpp>
#include <tfx/op/where.hpp>
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
constexpr result_t<minimum_op, Name, lifted<X, Y, Site>, lifted<Y, X, Site, 1>> minimum(X const& x, Y const& y) {
  return apply<minimum_op, Name>(lift<Y, Site>(x, y), lift<X, Site, 1>(y, x));
}

TFX_END
