// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// The nearest integer, halves to the even one. Constant to derivatives.
struct round_op : arithmetic<1> {
  static constexpr auto name = "Round";
  static constexpr auto gradient = constant_to_derivatives;
  static constexpr auto value(auto x) { return simd::round(x); }
};

/// The nearest integer, halves to the even one: `round(constant({0.5, 1.5, -2.5}))  // 0, 2, -2`.
template <name Name = "", expression X>
constexpr result_t<round_op, Name, X> round(X const& x) {
  return apply<round_op, Name>(x);
}

TFX_END
