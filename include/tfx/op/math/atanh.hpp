// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/divide.hpp>
#include <tfx/op/math/square.hpp>
#include <tfx/op/math/subtract.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// The inverse of tanh, NaN outside [-1, 1]. Gradient: dy / (1 - x²).
struct atanh_op : transcendental<1> {
  static constexpr auto name = "Atanh";
  static constexpr auto value(auto x) { return simd::atanh(x); }
  static constexpr auto gradient(auto dy, auto, auto x) { return dy / (1.0 - square(x)); }
};

/// The inverse of tanh.
template <name Name = "", expression X>
constexpr result_t<atanh_op, Name, X> atanh(X const& x) {
  return apply<atanh_op, Name>(x);
}

TFX_END
