// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// The nearest integer not below x. Constant to derivatives.
struct ceil_op : transcendental<1> {
  static constexpr auto name = "Ceil";
  static constexpr auto gradient = constant_to_derivatives;
  static constexpr auto value(auto x) { return simd::ceil(x); }
};

/// The nearest integer not below x.
template <name Name = "", expression X>
constexpr result_t<ceil_op, Name, X> ceil(X const& x) {
  return apply<ceil_op, Name>(x);
}

TFX_END
