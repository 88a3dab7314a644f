// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// The nearest integer not above x. Constant to derivatives.
struct floor_op : transcendental<1> {
  static constexpr auto name = "Floor";
  static constexpr auto gradient = constant_to_derivatives;
  static constexpr auto value(auto x) { return simd::floor(x); }
};

/// The nearest integer not above x.
template <name Name = "", expression X>
constexpr result_t<floor_op, Name, X> floor(X const& x) {
  return apply<floor_op, Name>(x);
}

TFX_END
