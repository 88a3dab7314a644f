// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>

TFX_BEGIN

/// x, as a constant to every derivative.
struct stop_gradient_op : same_value {
  static constexpr auto name = "StopGradient";
  static constexpr auto gradient = constant_to_derivatives;
};

template <name Name = "", expression X>
constexpr result_t<stop_gradient_op, Name, X> stop_gradient(X const& x) {
  return apply<stop_gradient_op, Name>(x);
}

TFX_END
