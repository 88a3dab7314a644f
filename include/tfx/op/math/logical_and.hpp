// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// Whether x and y.
struct logical_and_op : logical<2> {
  static constexpr auto name = "LogicalAnd";
  static constexpr auto value(auto x, auto y) { return x & y; }
};

/// Whether x and y; bool only, shapes broadcast.
template <name Name = "", class X, class Y, auto Site = [] {}>
  requires operands<X, Y>
constexpr combined<logical_and_op, Name, X, Y, Site> logical_and(X const& x, Y const& y) {
  return combine<logical_and_op, Name, Site>(x, y);
}
namespace operators {
template <class X, class Y>
  requires two_expressions<X, Y>
constexpr result_t<logical_and_op, "", X, Y> operator&(X const& x, Y const& y) {
  return apply<logical_and_op>(x, y);
}
template <class X, class Y, class = if_number<X, Y>, auto Site = [] {}>
constexpr combined<logical_and_op, "", X, Y, Site> operator&(X const& x, Y const& y) {
  return combine<logical_and_op, "", Site>(x, y);
}
}  // namespace operators
struct and_of_tensors_is_tf_logical_and;  // write x & y, or tf::logical_and(x, y)
namespace operators {
template <class X, class Y>
  requires(operands<X, Y> && !std::is_same_v<X, handle> && !std::is_same_v<Y, handle>)
and_of_tensors_is_tf_logical_and operator&&(X const&, Y const&);
}  // namespace operators

TFX_END
