// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/divide.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// log(1 + x), exact for small x. Gradient: dy / (1 + x).
struct log1p_op : transcendental<1> {
  static constexpr auto name = "Log1p";
  static constexpr auto value(auto x) { return simd::log1p(x); }
  static constexpr auto gradient(auto dy, auto, auto x) { return dy / (1.0 + x); }
};

/// log(1 + x), exact for small x.
template <name Name = "", expression X>
constexpr result_t<log1p_op, Name, X> log1p(X const& x) {
  return apply<log1p_op, Name>(x);
}

TFX_END
