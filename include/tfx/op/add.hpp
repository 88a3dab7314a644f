// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/leaves.hpp>

TFX_BEGIN

/// Elementwise sum. Gradient: dy to both.
struct add_op : arithmetic<2> {
  static constexpr auto name = "Add";
  static constexpr bool foldable = true;
  static constexpr auto value(auto x, auto y) { return x + y; }
  static constexpr auto gradient(auto dy, auto, auto, auto) { return handles<2>{{dy, dy}}; }
};

/// x + y; shapes broadcast, a plain number takes the tensor's dtype.
template <name Name = "", class X, class Y, auto Site = [] {}>
  requires operands<X, Y>
constexpr result_t<add_op, Name, lifted<X, Y, Site>, lifted<Y, X, Site, 1>> add(X const& x, Y const& y) {
  return apply<add_op, Name>(lift<Y, Site>(x, y), lift<X, Site, 1>(y, x));
}
template <class X, class Y, auto Site = [] {}>
  requires operands<X, Y>
constexpr result_t<add_op, "", lifted<X, Y, Site>, lifted<Y, X, Site, 1>> operator+(X const& x, Y const& y) {
  return apply<add_op>(lift<Y, Site>(x, y), lift<X, Site, 1>(y, x));
}
constexpr handle operator+(handle x, handle y) { return add_node(info<add_op>, nullptr, 0, x, y); }

TFX_END
