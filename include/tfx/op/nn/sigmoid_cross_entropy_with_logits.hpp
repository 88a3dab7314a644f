// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/named_arguments.hpp>
#include <tfx/op/math/negative.hpp>
#include <tfx/op/math/sigmoid.hpp>

TFX_BEGIN

/// max(x, 0) - x z + log(1 + e^-|x|) for labels z and logits x of one shape, but for leading extents of 1. Gradient: dy
/// · (sigmoid(x) - z), and -dy · x to the labels.
struct sigmoid_cross_entropy_with_logits_op : elementwise<2> {
  static constexpr auto name = "SigmoidCrossEntropyWithLogits";
  static constexpr op_traits traits{.mismatch = "logits and labels must have the same shape (%s vs %s)"};
  /// Broadcasting would pair elements anew; in a row, as logits of labels that are a vector, each meets its own.
  static constexpr void infer(inference& call) {
    if (call.types[0] != call.types[1])
      return call.refuse_types(refusal_kind::dtype_mismatch, call.types[0], call.types[1]);
    only_floating(call, call.types[0]);
    call.type = call.types[0];
    if (call.failed() || call.defer()) return;
    dims const& z = call.shapes[0];
    dims const& x = call.shapes[1];
    dims const& longer = x.rank < z.rank ? z : x;
    dims const& shorter = x.rank < z.rank ? x : z;
    int const leading = longer.rank - shorter.rank;
    for (int i = 0; i < longer.rank; ++i)
      call.shape.push_back(call.agree(longer[i], i < leading ? 1 : shorter[i - leading], x, z));
  }
  static constexpr auto value(auto z, auto x) {
    return (simd::max(x, simd::fill<decltype(x)>(0)) - x * z) + simd::log1p(simd::exp(-simd::abs(x)));
  }
  static constexpr auto gradient(auto dy, auto, auto z, auto x) { return handles<2>{{-dy * x, dy * (sigmoid(x) - z)}}; }
};

namespace nn {
/// The cross entropy of probabilities `labels` and sigmoid(`logits`), elementwise and without overflow:
/// `nn::sigmoid_cross_entropy_with_logits(labels = y_true, logits = z)`.
template <name Name = "", class Labels, class Logits>
constexpr auto sigmoid_cross_entropy_with_logits(labels_t<Labels> const& y, logits_t<Logits> const& z)
    -> result_t<sigmoid_cross_entropy_with_logits_op, Name, Labels, Logits> {
  return apply<sigmoid_cross_entropy_with_logits_op, Name>(y.value, z.value);
}
template <name Name = "", class Labels, class Logits>
constexpr auto sigmoid_cross_entropy_with_logits(logits_t<Logits> const& z, labels_t<Labels> const& y)
    -> result_t<sigmoid_cross_entropy_with_logits_op, Name, Labels, Logits> {
  return apply<sigmoid_cross_entropy_with_logits_op, Name>(y.value, z.value);
}
}  // namespace nn

TFX_END
