// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/ones_like.hpp>
#include <tfx/op/losses/compute_weighted_loss.hpp>
#include <tfx/op/nn/softmax_cross_entropy_with_logits.hpp>

TFX_BEGIN

namespace detail {
struct softmax_cross_entropy_of {
  template <class Handle>
  static constexpr Handle each(Handle y_true, Handle scores) {
    auto const [y, z] = compare(y_true, scores);
    return nn::softmax_cross_entropy_with_logits(tfx::labels = y, tfx::logits = z);
  }
  template <class Handle>
  static constexpr Handle each(Handle y_true, Handle scores, Handle smoothing) {
    Handle const y = cast(y_true, smoothing.type()), classes = reduce_sum(ones_like(y), axis<-1>, keepdims);
    return each(y * (1.0 - smoothing) + smoothing / classes, scores);
  }
};
}  // namespace detail

namespace losses {
/// The cross entropy of each row of labels, probabilities, and softmax(logits), reduced to its mean over the weights
/// that are not 0: `softmax_cross_entropy(y, z)`, `(y, z, weights)`, `(y, z, weights, label_smoothing)`, and a
/// Reduction last. With label_smoothing s the labels are y · (1 − s) + s / classes. Labels and logits have one shape,
/// whose last axis holds the classes; weights are a number, a scalar, or of the shape without that, each extent 1 or
/// the same. Labels are constants to derivatives.
template <expression Labels, expression Logits, reduced R = reduced::sum_by_nonzero_weights>
constexpr composed<detail::reduced_loss<detail::softmax_cross_entropy_of, R>, Labels, Logits> softmax_cross_entropy(
    Labels const& y_true, Logits const& scores, reduction_t<R> = {}) {
  return composition<detail::reduced_loss<detail::softmax_cross_entropy_of, R>>(y_true, scores);
}
template <expression Labels, expression Logits, class Weights, reduced R = reduced::sum_by_nonzero_weights,
          auto Site = [] {}>
  requires operands<Logits, Weights>
constexpr composed<detail::reduced_loss<detail::softmax_cross_entropy_of, R>, Labels, Logits,
                   detail::weights_of<Logits, Site, Weights>>
softmax_cross_entropy(Labels const& y_true, Logits const& scores, Weights const& weights, reduction_t<R> = {}) {
  return composition<detail::reduced_loss<detail::softmax_cross_entropy_of, R>>(
      y_true, scores, detail::as_weights<Logits, Site>(weights));
}
template <expression Labels, expression Logits, class Weights, class Number,
          reduced R = reduced::sum_by_nonzero_weights, auto Site = [] {}>
  requires operands<Logits, Weights> && operands<Logits, Number>
constexpr composed<detail::reduced_loss_with_number<detail::softmax_cross_entropy_of, R>, Labels, Logits,
                   detail::number_of_loss<Logits, Site, Number>, detail::weights_of<Logits, Site, Weights>>
softmax_cross_entropy(Labels const& y_true, Logits const& scores, Weights const& weights, Number const& label_smoothing,
                      reduction_t<R> = {}) {
  return composition<detail::reduced_loss_with_number<detail::softmax_cross_entropy_of, R>>(
      y_true, scores, detail::as_number_of_loss<Logits, Site>(label_smoothing),
      detail::as_weights<Logits, Site>(weights));
}
}  // namespace losses

TFX_END
