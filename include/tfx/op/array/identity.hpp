// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>

TFX_BEGIN

/// x itself under another name. Gradient: dy.
struct identity_op : same_value {
  static constexpr auto name = "Identity";
};

template <name Name = "", expression X>
constexpr result_t<identity_op, Name, X> identity(X const& x) {
  return apply<identity_op, Name>(x);
}

TFX_END
