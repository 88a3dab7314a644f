// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/where.hpp>
#include <tfx/op/math/less.hpp>
#include <tfx/op/math/multiply.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// scale · x, but scale · alpha · (eˣ − 1) below 0. Gradient: scale · dy, but dy · (y + scale · alpha) below 0.
struct selu_op : transcendental<1> {
  static constexpr auto name = "Selu";
  static constexpr double scale = 1.0507009873554804934193349852946, alpha = 1.6732632423543772848170429916717;
  static constexpr auto value(auto x) {
    using V = decltype(x);
    return simd::select(x < simd::fill<V>(0), simd::fill<V>(simd::lane_t<V>(scale * alpha)) * simd::expm1(x),
                        simd::fill<V>(simd::lane_t<V>(scale)) * x);
  }
  static constexpr auto gradient(auto dy, auto y, auto) { return where(y < 0.0, dy * (y + scale * alpha), dy * scale); }
};

namespace nn {
/// scale · x, but scale · alpha · (eˣ − 1) below 0, with the scale 1.0507… and the alpha 1.6732… under which layers
/// keep the mean 0 and the variance 1 of what they are given. Klambauer et al., 2017. TensorFlow: Selu.
template <name Name = "", expression X>
constexpr result_t<selu_op, Name, X> selu(X const& x) {
  return apply<selu_op, Name>(x);
}
}  // namespace nn

TFX_END
