// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/square.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// The tangent of an angle in radians. Gradient: dy · (1 + y²).
struct tan_op : transcendental<1> {
  static constexpr auto name = "Tan";
  static constexpr auto value(auto x) { return simd::tan(x); }
  static constexpr auto gradient(auto dy, auto y, auto) { return dy * (1.0 + square(y)); }
};

/// The tangent of an angle in radians.
template <name Name = "", expression X>
constexpr result_t<tan_op, Name, X> tan(X const& x) {
  return apply<tan_op, Name>(x);
}

TFX_END
