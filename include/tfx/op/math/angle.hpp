// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/real.hpp>

TFX_BEGIN

/// The angle of the point (real, imag), in [-π, π]. No gradient.
struct angle_op : complex_part {
  static constexpr auto name = "Angle";
  static constexpr auto value(auto x) { return simd::atan2(simd::imag(x), simd::real(x)); }
};

/// The angle of x in the complex plane, in [-π, π]: `angle(constant(std::complex<float>(0, 1)))  // π / 2`.
template <name Name = "", expression X>
constexpr result_t<angle_op, Name, X> angle(X const& x) {
  return apply<angle_op, Name>(x);
}

TFX_END
