// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// Whether x or y.
struct logical_or_op : logical<2> {
  static constexpr auto name = "LogicalOr";
  static constexpr auto value(auto x, auto y) { return x | y; }
};

/// Whether x or y; bool only, shapes broadcast.
template <name Name = "", class X, class Y, auto Site = [] {}>
  requires operands<X, Y>
constexpr combined<logical_or_op, Name, X, Y, Site> logical_or(X const& x, Y const& y) {
  return combine<logical_or_op, Name, Site>(x, y);
}
namespace operators {
template <class X, class Y>
  requires two_expressions<X, Y>
constexpr result_t<logical_or_op, "", X, Y> operator|(X const& x, Y const& y) {
  return apply<logical_or_op>(x, y);
}
template <class X, class Y, class = if_number<X, Y>, auto Site = [] {}>
constexpr combined<logical_or_op, "", X, Y, Site> operator|(X const& x, Y const& y) {
  return combine<logical_or_op, "", Site>(x, y);
}
}  // namespace operators
struct or_of_tensors_is_tf_logical_or;  // write x | y, or tf::logical_or(x, y)
namespace operators {
template <class X, class Y>
  requires(operands<X, Y> && !std::is_same_v<X, handle> && !std::is_same_v<Y, handle>)
or_of_tensors_is_tf_logical_or operator||(X const&, Y const&);
}  // namespace operators

TFX_END
