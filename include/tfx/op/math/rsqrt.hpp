// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/square.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// 1 / √x. Gradient: dy · -½ y³.
struct rsqrt_op : transcendental<1> {
  static constexpr auto name = "Rsqrt";
  static constexpr auto value(auto x) { return simd::rsqrt(x); }
  static constexpr auto gradient(auto dy, auto y, auto) { return dy * (-0.5 * (y * square(y))); }
};

/// 1 / √x.
template <name Name = "", expression X>
constexpr result_t<rsqrt_op, Name, X> rsqrt(X const& x) {
  return apply<rsqrt_op, Name>(x);
}

TFX_END
