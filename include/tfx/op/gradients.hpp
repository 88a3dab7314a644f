// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/effects.hpp>
#include <tuple>

TFX_BEGIN

/// The derivative of the sum of `y` along each of `x…`, a tuple with their shapes: `auto [dw, db] = gradients(loss, w, b);`
template <typed_expression Y, typed_expression... X>
constexpr auto gradients(Y const& y, X const&... x) -> std::tuple<result_t<gradient_op, "", Y, X>...> {
  return {apply<gradient_op>(y, x)...};
}

/// The directional derivative of `y` where `x` moves along `v` (of x's shape), in forward mode.
template <name Name = "", typed_expression Y, typed_expression X, typed_expression V>
constexpr result_t<jvp_op, Name, Y, X, V> jvp(Y const& y, X const& x, V const& v) {
  return apply<jvp_op, Name>(y, x, v);
}

TFX_END
