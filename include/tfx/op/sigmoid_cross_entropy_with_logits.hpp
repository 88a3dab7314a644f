// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/named_arguments.hpp>
#include <tfx/op/negative.hpp>
#include <tfx/op/sigmoid.hpp>

TFX_BEGIN

/// max(x, 0) - x z + log(1 + e^-|x|) for logits x and labels z. Gradient: dy · (sigmoid(x) - z), and -dy · x to the
/// labels.
struct sigmoid_cross_entropy_with_logits_op : transcendental<2> {
  static constexpr auto name = "SigmoidCrossEntropyWithLogits";
  static constexpr auto value(auto z, auto x) {
    return (simd::max(x, simd::fill<decltype(x)>(0)) - x * z) + simd::log1p(simd::exp(-simd::abs(x)));
  }
  static constexpr auto gradient(auto dy, auto, auto z, auto x) { return handles<2>{{-dy * x, dy * (sigmoid(x) - z)}}; }
};

namespace nn {
/// The cross entropy of probabilities `labels` and sigmoid(`logits`), elementwise and without overflow:
/// `nn::sigmoid_cross_entropy_with_logits(labels = y_true, logits = z)`. Shapes broadcast.
template <name Name = "", class Z, class X>
constexpr result_t<sigmoid_cross_entropy_with_logits_op, Name, Z, X> sigmoid_cross_entropy_with_logits(
    labels_t<Z> const& labels, logits_t<X> const& logits) {
  return apply<sigmoid_cross_entropy_with_logits_op, Name>(labels.value, logits.value);
}
}  // namespace nn

TFX_END
