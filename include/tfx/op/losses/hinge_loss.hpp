// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/losses/compute_weighted_loss.hpp>
#include <tfx/op/math/maximum.hpp>
#include <tfx/op/math/subtract.hpp>

TFX_BEGIN

namespace detail {
struct hinge_loss_of {
  template <class Handle>
  static constexpr Handle each(Handle y_true, Handle scores) {
    auto const [y, z] = compare(y_true, scores);
    return maximum(1.0 - (2.0 * y - 1.0) * z, 0.0);
  }
};
}  // namespace detail

namespace losses {
/// max(0, 1 − t · logits) where t is 1 for labels of 1 and −1 for those of 0, reduced to its mean over the weights that
/// are not 0: `hinge_loss(y, z)`, `(y, z, weights)`, `(y, z, weights, Reduction::SUM)`. Shapes and weights as of
/// mean_squared_error.
template <expression Labels, expression Logits, reduced R = reduced::sum_by_nonzero_weights>
constexpr composed<detail::reduced_loss<detail::hinge_loss_of, R>, Labels, Logits> hinge_loss(Labels const& y_true,
                                                                                              Logits const& scores,
                                                                                              reduction_t<R> = {}) {
  return composition<detail::reduced_loss<detail::hinge_loss_of, R>>(y_true, scores);
}
template <expression Labels, expression Logits, class Weights, reduced R = reduced::sum_by_nonzero_weights,
          auto Site = [] {}>
  requires operands<Logits, Weights>
constexpr composed<detail::reduced_loss<detail::hinge_loss_of, R>, Labels, Logits,
                   detail::weights_of<Logits, Site, Weights>>
hinge_loss(Labels const& y_true, Logits const& scores, Weights const& weights, reduction_t<R> = {}) {
  return composition<detail::reduced_loss<detail::hinge_loss_of, R>>(y_true, scores,
                                                                     detail::as_weights<Logits, Site>(weights));
}
}  // namespace losses

TFX_END
