// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/multiply.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// eˣ. Gradient: dy · y.
struct exp_op : transcendental<1> {
  static constexpr auto name = "Exp";
  static constexpr auto value(auto x) { return simd::exp(x); }
  static constexpr auto gradient(auto dy, auto y, auto) { return dy * y; }
};

/// eˣ: `exp(constant({0.0f, 1.0f}))  // 1, 2.718`.
template <name Name = "", expression X>
constexpr result_t<exp_op, Name, X> exp(X const& x) {
  return apply<exp_op, Name>(x);
}

TFX_END
