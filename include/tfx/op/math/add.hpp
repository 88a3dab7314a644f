// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>

TFX_BEGIN

/// Elementwise sum. Gradient: dy to both.
struct add_op : complex_arithmetic<2> {
  static constexpr auto name = "Add";
  static constexpr op_traits traits{.foldable = true};
  static constexpr auto value(auto x, auto y) { return x + y; }
  static constexpr auto gradient(auto dy, auto, auto, auto) { return handles<2>{{dy, dy}}; }
};

/// x + y; shapes broadcast, a plain number takes the tensor's dtype.
template <name Name = "", class X, class Y, auto Site = [] {}>
  requires operands<X, Y>
constexpr combined<add_op, Name, X, Y, Site> add(X const& x, Y const& y) {
  return combine<add_op, Name, Site>(x, y);
}
namespace operators {
template <class X, class Y>
  requires two_expressions<X, Y>
constexpr result_t<add_op, "", X, Y> operator+(X const& x, Y const& y) {
  return apply<add_op>(x, y);
}
template <class X, class Y, class = if_number<X, Y>, auto Site = [] {}>
constexpr combined<add_op, "", X, Y, Site> operator+(X const& x, Y const& y) {
  return combine<add_op, "", Site>(x, y);
}
constexpr handle operator+(handle x, handle y) { return add_node(info<add_op>, nullptr, 0, x, y); }
}  // namespace operators

TFX_END
