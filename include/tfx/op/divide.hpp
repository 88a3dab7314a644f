// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/multiply.hpp>
#include <tfx/op/negative.hpp>

TFX_BEGIN

/// Elementwise quotient. Gradient: dy / y and −dy · (x / y) / y.
struct divide_op : arithmetic<2> {
  static constexpr auto name = "RealDiv";
  static constexpr bool foldable = true;
  static constexpr bool can_fold(simplification const& call) { return !call.is(1, 0.0) && !call.is(1, -0.0); }
  static constexpr void simplify(simplification& call) {
    if (call.is(1, 1.0)) call.keep(0);
  }
  static constexpr auto value(auto x, auto y) { return x / y; }
  static constexpr auto gradient(auto dy, auto z, auto, auto y) { return handles<2>{{dy / y, -dy * z / y}}; }
};

/// x / y; shapes broadcast, a plain number takes the tensor's dtype.
template <name Name = "", class X, class Y, auto Site = [] {}>
  requires operands<X, Y>
constexpr result_t<divide_op, Name, lifted<X, Y, Site>, lifted<Y, X, Site>> divide(X const& x, Y const& y) {
  return apply<divide_op, Name>(lift<Y, Site>(x, y), lift<X, Site>(y, x));
}
template <class X, class Y, auto Site = [] {}>
  requires operands<X, Y>
constexpr result_t<divide_op, "", lifted<X, Y, Site>, lifted<Y, X, Site>> operator/(X const& x, Y const& y) {
  return apply<divide_op>(lift<Y, Site>(x, y), lift<X, Site>(y, x));
}

TFX_END
