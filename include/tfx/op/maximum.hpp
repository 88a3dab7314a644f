// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/greater_equal.hpp>
#include <tfx/op/where.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// The larger of two; NaN if either is. Gradient: dy to x where x ≥ y, else to y.
struct maximum_op : arithmetic<2> {
  static constexpr auto name = "Maximum";
  static constexpr auto value(auto x, auto y) { return simd::max(x, y); }
  static constexpr auto gradient(auto dy, auto, auto x, auto y) {
    return handles<2>{{where(x >= y, dy, 0.0), where(x >= y, 0.0, dy)}};
  }
};

/// The larger of x and y; shapes broadcast, a plain number takes the tensor's dtype.
template <name Name = "", class X, class Y, auto Site = [] {}>
  requires operands<X, Y>
constexpr result_t<maximum_op, Name, lifted<X, Y, Site>, lifted<Y, X, Site, 1>> maximum(X const& x, Y const& y) {
  return apply<maximum_op, Name>(lift<Y, Site>(x, y), lift<X, Site, 1>(y, x));
}

TFX_END
