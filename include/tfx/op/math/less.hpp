// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// Whether x < y; never with NaN.
struct less_op : comparison {
  static constexpr auto name = "Less";
  static constexpr auto value(auto x, auto y) { return x < y; }
};

/// Whether x < y; shapes broadcast, a plain number takes the tensor's dtype.
template <name Name = "", class X, class Y, auto Site = [] {}>
  requires operands<X, Y>
constexpr combined<less_op, Name, X, Y, Site> less(X const& x, Y const& y) {
  return combine<less_op, Name, Site>(x, y);
}
namespace operators {
template <class X, class Y>
  requires two_expressions<X, Y>
constexpr result_t<less_op, "", X, Y> operator<(X const& x, Y const& y) {
  return apply<less_op>(x, y);
}
template <class X, class Y, class = if_number<X, Y>, auto Site = [] {}>
constexpr combined<less_op, "", X, Y, Site> operator<(X const& x, Y const& y) {
  return combine<less_op, "", Site>(x, y);
}
}  // namespace operators

TFX_END
