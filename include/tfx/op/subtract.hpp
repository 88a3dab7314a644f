// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/negative.hpp>

TFX_BEGIN

/// Elementwise difference. Gradient: dy and −dy.
struct subtract_op : arithmetic<2> {
  static constexpr auto name = "Sub";
  static constexpr bool foldable = true;
  static constexpr auto value(auto x, auto y) { return x - y; }
  static constexpr auto gradient(auto dy, auto, auto, auto) { return handles<2>{{dy, -dy}}; }
};

/// x - y; shapes broadcast, a plain number takes the tensor's dtype.
template <name Name = "", class X, class Y, auto Site = [] {}>
  requires operands<X, Y>
constexpr result_t<subtract_op, Name, lifted<X, Y, Site>, lifted<Y, X, Site, 1>> subtract(X const& x, Y const& y) {
  return apply<subtract_op, Name>(lift<Y, Site>(x, y), lift<X, Site, 1>(y, x));
}
template <class X, class Y, auto Site = [] {}>
  requires operands<X, Y>
constexpr result_t<subtract_op, "", lifted<X, Y, Site>, lifted<Y, X, Site, 1>> operator-(X const& x, Y const& y) {
  return apply<subtract_op>(lift<Y, Site>(x, y), lift<X, Site, 1>(y, x));
}
constexpr handle operator-(handle x, handle y) { return add_node(info<subtract_op>, nullptr, 0, x, y); }

TFX_END
