// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/leaves.hpp>

TFX_BEGIN

/// x itself under another name. Gradient: dy.
struct identity_op {
  static constexpr auto name = "Identity";
  static constexpr op_kind kind = op_kind::view;
  static constexpr bool multilinear = true;
  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    call.shape = call.shapes[0];
  }
  static constexpr void gradient(gradient_call& call) { call.dx[0] = call.dy; }
};

template <name Name = "", expression X>
constexpr result_t<identity_op, Name, X> identity(X const& x) {
  return apply<identity_op, Name>(x);
}

TFX_END
