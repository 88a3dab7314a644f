// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/add.hpp>
#include <tfx/op/math/multiply.hpp>
#include <tfx/op/math/negative.hpp>
#include <tfx/op/math/rsqrt.hpp>
#include <tfx/op/math/subtract.hpp>

TFX_BEGIN

/// An offset or a scale: an expression, or nullptr for none.
template <class X>
concept maybe_expression = expression<X> || std::is_same_v<X, std::nullptr_t>;

namespace nn {
/// (x − mean) · rsqrt(variance + epsilon) · scale + offset, floats; offset and scale may be nullptr. All broadcast to
/// x: `nn::batch_normalization(x, mean, variance, offset, scale, 1e-3f)` with mean and variance of `nn::moments(x,
/// axes<0>)`. Ioffe and Szegedy, 2015; TensorFlow: tf.nn.batch_normalization.
template <name Name = "", expression X, expression Mean, expression Variance, maybe_expression Offset,
          maybe_expression Scale, number E, auto Site = [] {}>
constexpr auto batch_normalization(X const& x, Mean const& mean, Variance const& variance,
                                   [[maybe_unused]] Offset const& offset, [[maybe_unused]] Scale const& scale,
                                   E variance_epsilon) {
  auto const inverse = rsqrt(add<"", Variance, E, Site>(variance, variance_epsilon));
  auto const factor = [&] {
    if constexpr (expression<Scale>) {
      return inverse * scale;
    } else {
      return inverse;
    }
  }();
  if constexpr (expression<Offset>) {
    return add<Name>((x - mean) * factor, offset);
  } else {
    return multiply<Name>(x - mean, factor);
  }
}
}  // namespace nn

TFX_END
