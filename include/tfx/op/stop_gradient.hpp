// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/leaves.hpp>

TFX_BEGIN

/// x, as a constant to every derivative.
struct stop_gradient_op {
  static constexpr auto name = "StopGradient";
  static constexpr op_kind kind = op_kind::view;
  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    call.shape = call.shapes[0];
  }
};

template <name Name = "", expression X>
constexpr result_t<stop_gradient_op, Name, X> stop_gradient(X const& x) {
  return apply<stop_gradient_op, Name>(x);
}

TFX_END
