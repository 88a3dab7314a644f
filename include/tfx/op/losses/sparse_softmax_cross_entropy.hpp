// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/squeeze.hpp>
#include <tfx/op/losses/compute_weighted_loss.hpp>
#include <tfx/op/nn/sparse_softmax_cross_entropy_with_logits.hpp>

TFX_BEGIN

namespace detail {
struct sparse_softmax_cross_entropy_of {
  template <class Handle>
  static constexpr Handle each(Handle y_true, Handle scores) {
    Handle const y = y_true.rank() == scores.rank() ? squeeze(y_true, axis<-1>) : y_true;
    return nn::sparse_softmax_cross_entropy_with_logits(tfx::labels = y, tfx::logits = scores);
  }
};
}  // namespace detail

namespace losses {
/// The cross entropy of softmax(logits) where each row has one class, a whole number, reduced to its mean over the
/// weights that are not 0: `sparse_softmax_cross_entropy(classes, z)`, `(classes, z, weights)`, `(classes, z, weights,
/// Reduction::SUM)`. Labels are int32 or int64, of the shape of the logits without their last axis, or with 1 in its
/// place; weights are a number, a scalar, or of the shape without it, each extent 1 or the same.
template <expression Labels, expression Logits, reduced R = reduced::sum_by_nonzero_weights>
constexpr composed<detail::reduced_loss<detail::sparse_softmax_cross_entropy_of, R>, Labels, Logits>
sparse_softmax_cross_entropy(Labels const& y_true, Logits const& scores, reduction_t<R> = {}) {
  return composition<detail::reduced_loss<detail::sparse_softmax_cross_entropy_of, R>>(y_true, scores);
}
template <expression Labels, expression Logits, class Weights, reduced R = reduced::sum_by_nonzero_weights,
          auto Site = [] {}>
  requires operands<Logits, Weights>
constexpr composed<detail::reduced_loss<detail::sparse_softmax_cross_entropy_of, R>, Labels, Logits,
                   detail::weights_of<Logits, Site, Weights>>
sparse_softmax_cross_entropy(Labels const& y_true, Logits const& scores, Weights const& weights, reduction_t<R> = {}) {
  return composition<detail::reduced_loss<detail::sparse_softmax_cross_entropy_of, R>>(
      y_true, scores, detail::as_weights<Logits, Site>(weights));
}
}  // namespace losses

TFX_END
