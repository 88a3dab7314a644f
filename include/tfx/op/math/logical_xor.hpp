// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// Whether one of x and y, not both.
struct logical_xor_op : logical<2> {
  static constexpr auto name = "LogicalXor";
  static constexpr op_traits traits{.has_type = true};
  static constexpr std::string_view type(int) { return "NotEqual"; }
  static constexpr auto value(auto x, auto y) { return x ^ y; }
};

/// Whether one of x and y, not both; bool only, shapes broadcast.
template <name Name = "", class X, class Y, auto Site = [] {}>
  requires operands<X, Y>
constexpr combined<logical_xor_op, Name, X, Y, Site> logical_xor(X const& x, Y const& y) {
  return combine<logical_xor_op, Name, Site>(x, y);
}
namespace operators {
template <class X, class Y>
  requires two_expressions<X, Y>
constexpr result_t<logical_xor_op, "", X, Y> operator^(X const& x, Y const& y) {
  return apply<logical_xor_op>(x, y);
}
template <class X, class Y, class = if_number<X, Y>, auto Site = [] {}>
constexpr combined<logical_xor_op, "", X, Y, Site> operator^(X const& x, Y const& y) {
  return combine<logical_xor_op, "", Site>(x, y);
}
}  // namespace operators

TFX_END
