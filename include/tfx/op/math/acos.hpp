// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/sqrt.hpp>
#include <tfx/op/math/square.hpp>
#include <tfx/op/math/subtract.hpp>

TFX_BEGIN

/// The inverse of cos, NaN outside [-1, 1]. Gradient: -dy / √(1 - x²).
struct acos_op : transcendental<1> {
  static constexpr auto name = "Acos";
  static constexpr auto value(auto x) { return simd::acos(x); }
  static constexpr auto gradient(auto dy, auto, auto x) { return -dy / sqrt(1.0 - square(x)); }
};

/// The angle in [0, π] whose cosine is x.
template <name Name = "", expression X>
constexpr result_t<acos_op, Name, X> acos(X const& x) {
  return apply<acos_op, Name>(x);
}

TFX_END
