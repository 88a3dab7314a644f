// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/maximum.hpp>
#include <tfx/op/math/multiply.hpp>
#include <tfx/op/math/reduce_sum.hpp>
#include <tfx/op/math/rsqrt.hpp>

TFX_BEGIN

namespace nn {
/// x · rsqrt(max(Σ x², epsilon)), the sum over `axes<…>` (default: all), floats: `nn::l2_normalize(x, axis<1>)` has
/// rows of length 1. TensorFlow: tf.nn.l2_normalize.
template <name Name = "", expression X, int... A, number E = double, auto Site = [] {}>
constexpr auto l2_normalize(X const& x, axes_t<A...> over = {}, E epsilon = 1e-12) {
  auto const sum = reduce_sum(square(x), over, keepdims);
  auto const least = maximum<"", std::remove_const_t<decltype(sum)>, E, Site>(sum, epsilon);
  return apply<multiply_op, Name>(x, rsqrt(least));
}
}  // namespace nn

TFX_END
