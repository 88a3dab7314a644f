// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/exp.hpp>
#include <tfx/op/math/negative.hpp>
#include <tfx/op/math/square.hpp>

TFX_BEGIN

/// The error function. Gradient: dy · 2/√π · e^(-x²).
struct erf_op : transcendental<1> {
  static constexpr auto name = "Erf";
  static constexpr auto value(auto x) { return simd::erf(x); }
  static constexpr auto gradient(auto dy, auto, auto x) { return dy * (1.1283791670955126 * exp(-square(x))); }
};

/// The error function, 2/√π times the integral of e^(-t²) from 0 to x.
template <name Name = "", expression X>
constexpr result_t<erf_op, Name, X> erf(X const& x) {
  return apply<erf_op, Name>(x);
}

TFX_END
