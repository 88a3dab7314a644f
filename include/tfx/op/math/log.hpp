// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/divide.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// The natural logarithm: -∞ at 0, NaN below. Gradient: dy / x.
struct log_op : transcendental<1> {
  static constexpr auto name = "Log";
  static constexpr auto value(auto x) { return simd::log(x); }
  static constexpr auto gradient(auto dy, auto, auto x) { return dy / x; }
};

/// The natural logarithm.
template <name Name = "", expression X>
constexpr result_t<log_op, Name, X> log(X const& x) {
  return apply<log_op, Name>(x);
}

TFX_END
