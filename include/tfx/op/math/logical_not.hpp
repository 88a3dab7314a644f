// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// Whether not x.
struct logical_not_op : logical<1> {
  static constexpr auto name = "LogicalNot";
  static constexpr auto value(auto x) { return !x; }
};

/// Whether not x; bool only.
template <name Name = "", expression X>
constexpr result_t<logical_not_op, Name, X> logical_not(X const& x) {
  return apply<logical_not_op, Name>(x);
}
namespace operators {
template <expression X>
constexpr result_t<logical_not_op, "", X> operator~(X const& x) {
  return apply<logical_not_op>(x);
}
// Not for handles, whose ! asks whether there is a node.
template <typed_expression X>
constexpr result_t<logical_not_op, "", X> operator!(X const& x) {
  return apply<logical_not_op>(x);
}
}  // namespace operators

TFX_END
