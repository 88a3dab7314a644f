// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// -1, 0 or 1; NaN stays. Gradient: 0.
struct sign_op : arithmetic<1> {
  static constexpr auto name = "Sign";
  static constexpr auto value(auto x) { return simd::sign(x); }
  static constexpr auto gradient(auto, auto, auto x) { return fill_like(x, 0.0); }
};

/// -1, 0 or 1: `sign(constant({-2, 0, 5}))  // -1, 0, 1`.
template <name Name = "", expression X>
constexpr result_t<sign_op, Name, X> sign(X const& x) {
  return apply<sign_op, Name>(x);
}

TFX_END
