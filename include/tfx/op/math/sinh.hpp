// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/multiply.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

// Hyperbolic sine and cosine are each other's derivative: one file.

/// The hyperbolic sine. Gradient: dy · cosh(x).
struct sinh_op : transcendental<1> {
  static constexpr auto name = "Sinh";
  static constexpr auto value(auto x) { return simd::sinh(x); }
  static constexpr auto gradient(auto dy, auto, auto x) { return dy * cosh(x); }
};

/// The hyperbolic cosine. Gradient: dy · sinh(x).
struct cosh_op : transcendental<1> {
  static constexpr auto name = "Cosh";
  static constexpr auto value(auto x) { return simd::cosh(x); }
  static constexpr auto gradient(auto dy, auto, auto x) { return dy * sinh(x); }
};

/// The hyperbolic sine.
template <name Name = "", expression X>
constexpr result_t<sinh_op, Name, X> sinh(X const& x) {
  return apply<sinh_op, Name>(x);
}
/// The hyperbolic cosine.
template <name Name = "", expression X>
constexpr result_t<cosh_op, Name, X> cosh(X const& x) {
  return apply<cosh_op, Name>(x);
}

TFX_END
