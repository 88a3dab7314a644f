// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/leaves.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// Whether x ≥ y; never with NaN. No gradient.
struct greater_equal_op : comparison {
  static constexpr auto name = "GreaterEqual";
  static constexpr auto value(auto x, auto y) { return x >= y; }
};

/// Whether x ≥ y; shapes broadcast, a plain number takes the tensor's dtype.
template <name Name = "", class X, class Y, auto Site = [] {}>
  requires operands<X, Y>
constexpr result_t<greater_equal_op, Name, lifted<X, Y, Site>, lifted<Y, X, Site, 1>> greater_equal(X const& x,
                                                                                                    Y const& y) {
  return apply<greater_equal_op, Name>(lift<Y, Site>(x, y), lift<X, Site, 1>(y, x));
}
template <class X, class Y, auto Site = [] {}>
  requires operands<X, Y>
constexpr result_t<greater_equal_op, "", lifted<X, Y, Site>, lifted<Y, X, Site, 1>> operator>=(X const& x, Y const& y) {
  return apply<greater_equal_op>(lift<Y, Site>(x, y), lift<X, Site, 1>(y, x));
}

TFX_END
