// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/multiply.hpp>
#include <tfx/op/math/subtract.hpp>

TFX_BEGIN

/// (x - y)². Gradient: 2 dy · (x - y), and its negative.
struct squared_difference_op : arithmetic<2> {
  static constexpr auto name = "SquaredDifference";
  static constexpr auto value(auto x, auto y) { return (x - y) * (x - y); }
  static constexpr auto gradient(auto dy, auto, auto x, auto y) {
    return handles<2>{{dy * (2.0 * (x - y)), -dy * (2.0 * (x - y))}};
  }
};

/// (x - y)²; shapes broadcast, a plain number takes the tensor's dtype.
template <name Name = "", class X, class Y, auto Site = [] {}>
  requires operands<X, Y>
constexpr result_t<squared_difference_op, Name, lifted<X, Y, Site>, lifted<Y, X, Site, 1>> squared_difference(
    X const& x, Y const& y) {
  return apply<squared_difference_op, Name>(lift<Y, Site>(x, y), lift<X, Site, 1>(y, x));
}

TFX_END
