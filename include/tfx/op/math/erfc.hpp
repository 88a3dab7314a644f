// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/exp.hpp>
#include <tfx/op/math/negative.hpp>
#include <tfx/op/math/square.hpp>

TFX_BEGIN

/// 1 - erf(x), exact for large x. Gradient: dy · -2/√π · e^(-x²).
struct erfc_op : transcendental<1> {
  static constexpr auto name = "Erfc";
  static constexpr auto value(auto x) { return simd::erfc(x); }
  static constexpr auto gradient(auto dy, auto, auto x) { return dy * (-1.1283791670955126 * exp(-square(x))); }
};

/// 1 - erf(x), exact for large x.
template <name Name = "", expression X>
constexpr result_t<erfc_op, Name, X> erfc(X const& x) {
  return apply<erfc_op, Name>(x);
}

TFX_END
