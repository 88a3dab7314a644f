// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/where.hpp>
#include <tfx/op/math/less.hpp>
#include <tfx/op/math/multiply.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// x, but eˣ - 1 below 0. Gradient: dy, but dy · (y + 1) below 0.
struct elu_op : transcendental<1> {
  static constexpr auto name = "Elu";
  static constexpr auto value(auto x) { return simd::select(x < simd::fill<decltype(x)>(0), simd::expm1(x), x); }
  static constexpr auto gradient(auto dy, auto y, auto) { return where(y < 0.0, dy * (y + 1.0), dy); }
};

namespace nn {
/// x, but eˣ - 1 below 0.
template <name Name = "", expression X>
constexpr result_t<elu_op, Name, X> elu(X const& x) {
  return apply<elu_op, Name>(x);
}
}  // namespace nn

TFX_END
