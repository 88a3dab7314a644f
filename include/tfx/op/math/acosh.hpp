// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/sqrt.hpp>
#include <tfx/op/math/square.hpp>
#include <tfx/op/math/subtract.hpp>

TFX_BEGIN

/// The inverse of cosh, NaN below 1. Gradient: dy / √(x² - 1).
struct acosh_op : transcendental<1> {
  static constexpr auto name = "Acosh";
  static constexpr auto value(auto x) { return simd::acosh(x); }
  static constexpr auto gradient(auto dy, auto, auto x) { return dy / sqrt(square(x) - 1.0); }
};

/// The inverse of cosh, for x from 1 on.
template <name Name = "", expression X>
constexpr result_t<acosh_op, Name, X> acosh(X const& x) {
  return apply<acosh_op, Name>(x);
}

TFX_END
