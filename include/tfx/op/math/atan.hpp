// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/divide.hpp>
#include <tfx/op/math/square.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// The inverse of tan. Gradient: dy / (1 + x²).
struct atan_op : transcendental<1> {
  static constexpr auto name = "Atan";
  static constexpr auto value(auto x) { return simd::atan(x); }
  static constexpr auto gradient(auto dy, auto, auto x) { return dy / (1.0 + square(x)); }
};

/// The angle in (-π/2, π/2) whose tangent is x.
template <name Name = "", expression X>
constexpr result_t<atan_op, Name, X> atan(X const& x) {
  return apply<atan_op, Name>(x);
}

TFX_END
