// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/multiply.hpp>
#include <tfx/op/math/negative.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

// Sine and cosine are each other's derivative: one file.

/// The sine of an angle in radians. Gradient: dy · cos(x).
struct sin_op : transcendental<1> {
  static constexpr auto name = "Sin";
  static constexpr auto value(auto x) { return simd::sin(x); }
  static constexpr auto gradient(auto dy, auto, auto x) { return dy * cos(x); }
};

/// The cosine of an angle in radians. Gradient: -dy · sin(x).
struct cos_op : transcendental<1> {
  static constexpr auto name = "Cos";
  static constexpr auto value(auto x) { return simd::cos(x); }
  static constexpr auto gradient(auto dy, auto, auto x) { return -dy * sin(x); }
};

/// The sine of an angle in radians.
template <name Name = "", expression X>
constexpr result_t<sin_op, Name, X> sin(X const& x) {
  return apply<sin_op, Name>(x);
}
/// The cosine of an angle in radians.
template <name Name = "", expression X>
constexpr result_t<cos_op, Name, X> cos(X const& x) {
  return apply<cos_op, Name>(x);
}

TFX_END
