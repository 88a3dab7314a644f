// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/add.hpp>

TFX_BEGIN

/// Elementwise product. Gradient: dy · y and dy · x.
struct multiply_op : complex_arithmetic<2> {
  static constexpr auto name = "Mul";
  static constexpr op_traits traits{.foldable = true, .simplifies = true};
  static constexpr void simplify(simplification& call) {
    if (call.is(1, 1.0)) return call.keep(0);
    if (call.is(0, 1.0)) call.keep(1);
  }
  static constexpr auto value(auto x, auto y) { return x * y; }
  static constexpr auto gradient(auto dy, auto, auto x, auto y) { return handles<2>{{dy * y, dy * x}}; }
};

/// x * y; shapes broadcast, a plain number takes the tensor's dtype.
template <name Name = "", class X, class Y, auto Site = [] {}>
  requires operands<X, Y>
constexpr combined<multiply_op, Name, X, Y, Site> multiply(X const& x, Y const& y) {
  return combine<multiply_op, Name, Site>(x, y);
}
namespace operators {
template <class X, class Y>
  requires two_expressions<X, Y>
constexpr result_t<multiply_op, "", X, Y> operator*(X const& x, Y const& y) {
  return apply<multiply_op>(x, y);
}
template <class X, class Y, class = if_number<X, Y>, auto Site = [] {}>
constexpr combined<multiply_op, "", X, Y, Site> operator*(X const& x, Y const& y) {
  return combine<multiply_op, "", Site>(x, y);
}
constexpr handle operator*(handle x, handle y) { return add_node(info<multiply_op>, nullptr, 0, x, y); }
}  // namespace operators

TFX_END
