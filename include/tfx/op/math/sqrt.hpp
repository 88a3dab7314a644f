// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/divide.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// The square root, NaN below 0. Gradient: dy · ½ / y.
struct sqrt_op : transcendental<1> {
  static constexpr auto name = "Sqrt";
  static constexpr auto value(auto x) { return simd::sqrt(x); }
  static constexpr auto gradient(auto dy, auto y, auto) { return dy * 0.5 / y; }
};

/// The square root.
template <name Name = "", expression X>
constexpr result_t<sqrt_op, Name, X> sqrt(X const& x) {
  return apply<sqrt_op, Name>(x);
}

TFX_END
