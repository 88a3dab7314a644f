// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/add.hpp>

TFX_BEGIN

/// −x. Gradient: −dy.
struct negative_op : complex_arithmetic<1> {
  static constexpr auto name = "Neg";
  static constexpr op_traits traits{.foldable = true};
  static constexpr auto value(auto x) { return -x; }
  static constexpr auto gradient(auto dy, auto, auto) { return -dy; }
};

template <name Name = "", expression X>
constexpr result_t<negative_op, Name, X> negative(X const& x) {
  return apply<negative_op, Name>(x);
}
namespace operators {
template <expression X>
constexpr result_t<negative_op, "", X> operator-(X const& x) {
  return apply<negative_op>(x);
}
constexpr handle operator-(handle x) { return add_node(info<negative_op>, nullptr, 0, x); }
}  // namespace operators

TFX_END
