// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/negative.hpp>
#include <tfx/op/math/square.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// 1 / x. Gradient: -dy · y².
struct reciprocal_op : transcendental<1> {
  static constexpr auto name = "Reciprocal";
  static constexpr auto value(auto x) { return simd::fill<decltype(x)>(1) / x; }
  static constexpr auto gradient(auto dy, auto y, auto) { return -dy * square(y); }
};

/// 1 / x.
template <name Name = "", expression X>
constexpr result_t<reciprocal_op, Name, X> reciprocal(X const& x) {
  return apply<reciprocal_op, Name>(x);
}

TFX_END
