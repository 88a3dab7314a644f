// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/sqrt.hpp>
#include <tfx/op/math/square.hpp>

TFX_BEGIN

/// The inverse of sinh. Gradient: dy / √(x² + 1).
struct asinh_op : transcendental<1> {
  static constexpr auto name = "Asinh";
  static constexpr auto value(auto x) { return simd::asinh(x); }
  static constexpr auto gradient(auto dy, auto, auto x) { return dy / sqrt(square(x) + 1.0); }
};

/// The inverse of sinh.
template <name Name = "", expression X>
constexpr result_t<asinh_op, Name, X> asinh(X const& x) {
  return apply<asinh_op, Name>(x);
}

TFX_END
