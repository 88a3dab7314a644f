// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/leaves.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// Whether one of x and y, not both. No gradient.
struct logical_xor_op : logical<2> {
  static constexpr auto name = "LogicalXor";
  static constexpr auto value(auto x, auto y) { return x ^ y; }
};

/// Whether one of x and y, not both; bool only, shapes broadcast.
template <name Name = "", class X, class Y, auto Site = [] {}>
  requires operands<X, Y>
constexpr result_t<logical_xor_op, Name, lifted<X, Y, Site>, lifted<Y, X, Site, 1>> logical_xor(X const& x,
                                                                                                Y const& y) {
  return apply<logical_xor_op, Name>(lift<Y, Site>(x, y), lift<X, Site, 1>(y, x));
}
template <class X, class Y, auto Site = [] {}>
  requires operands<X, Y>
constexpr result_t<logical_xor_op, "", lifted<X, Y, Site>, lifted<Y, X, Site, 1>> operator^(X const& x, Y const& y) {
  return apply<logical_xor_op>(lift<Y, Site>(x, y), lift<X, Site, 1>(y, x));
}

TFX_END
