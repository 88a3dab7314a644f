// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/leaves.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// Whether x and y. No gradient.
struct logical_and_op : logical<2> {
  static constexpr auto name = "LogicalAnd";
  static constexpr auto value(auto x, auto y) { return x & y; }
};

/// Whether x and y; bool only, shapes broadcast.
template <name Name = "", class X, class Y, auto Site = [] {}>
  requires operands<X, Y>
constexpr result_t<logical_and_op, Name, lifted<X, Y, Site>, lifted<Y, X, Site, 1>> logical_and(X const& x,
                                                                                                Y const& y) {
  return apply<logical_and_op, Name>(lift<Y, Site>(x, y), lift<X, Site, 1>(y, x));
}
template <class X, class Y, auto Site = [] {}>
  requires operands<X, Y>
constexpr result_t<logical_and_op, "", lifted<X, Y, Site>, lifted<Y, X, Site, 1>> operator&(X const& x, Y const& y) {
  return apply<logical_and_op>(lift<Y, Site>(x, y), lift<X, Site, 1>(y, x));
}

TFX_END
