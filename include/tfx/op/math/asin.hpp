// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/sqrt.hpp>
#include <tfx/op/math/square.hpp>
#include <tfx/op/math/subtract.hpp>

TFX_BEGIN

/// The inverse of sin, NaN outside [-1, 1]. Gradient: dy / √(1 - x²).
struct asin_op : transcendental<1> {
  static constexpr auto name = "Asin";
  static constexpr auto value(auto x) { return simd::asin(x); }
  static constexpr auto gradient(auto dy, auto, auto x) { return dy / sqrt(1.0 - square(x)); }
};

/// The angle in [-π/2, π/2] whose sine is x.
template <name Name = "", expression X>
constexpr result_t<asin_op, Name, X> asin(X const& x) {
  return apply<asin_op, Name>(x);
}

TFX_END
