// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/exp.hpp>

TFX_BEGIN

/// eˣ - 1, exact for small x. Gradient: dy · eˣ.
struct expm1_op : transcendental<1> {
  static constexpr auto name = "Expm1";
  static constexpr auto value(auto x) { return simd::expm1(x); }
  static constexpr auto gradient(auto dy, auto, auto x) { return dy * exp(x); }
};

/// eˣ - 1, exact for small x.
template <name Name = "", expression X>
constexpr result_t<expm1_op, Name, X> expm1(X const& x) {
  return apply<expm1_op, Name>(x);
}

TFX_END
