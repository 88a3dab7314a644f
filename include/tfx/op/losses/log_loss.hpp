// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/losses/compute_weighted_loss.hpp>
#include <tfx/op/math/log.hpp>
#include <tfx/op/math/negative.hpp>
#include <tfx/op/math/subtract.hpp>

TFX_BEGIN

namespace detail {
struct log_loss_of {
  template <class Handle, class Epsilon = double>
  static constexpr Handle each(Handle y_true, Handle predictions, Epsilon epsilon = 1e-7) {
    auto const [y, x] = compare(y_true, predictions);
    return -y * log(x + epsilon) - (1.0 - y) * log(1.0 - x + epsilon);
  }
};
}  // namespace detail

namespace losses {
/// −labels · log(predictions + epsilon) − (1 − labels) · log(1 − predictions + epsilon) of probabilities, reduced to
/// its mean over the weights that are not 0: `log_loss(y, x)`, `(y, x, weights)`, `(y, x, weights, epsilon)` with 1e-7
/// unless told, and a Reduction last. Shapes and weights as of mean_squared_error.
template <expression Labels, expression Predictions, reduced R = reduced::sum_by_nonzero_weights>
constexpr composed<detail::reduced_loss<detail::log_loss_of, R>, Labels, Predictions> log_loss(
    Labels const& y_true, Predictions const& predictions, reduction_t<R> = {}) {
  return composition<detail::reduced_loss<detail::log_loss_of, R>>(y_true, predictions);
}
template <expression Labels, expression Predictions, class Weights, reduced R = reduced::sum_by_nonzero_weights,
          auto Site = [] {}>
  requires operands<Predictions, Weights>
constexpr composed<detail::reduced_loss<detail::log_loss_of, R>, Labels, Predictions,
                   detail::weights_of<Predictions, Site, Weights>>
log_loss(Labels const& y_true, Predictions const& predictions, Weights const& weights, reduction_t<R> = {}) {
  return composition<detail::reduced_loss<detail::log_loss_of, R>>(y_true, predictions,
                                                                   detail::as_weights<Predictions, Site>(weights));
}
template <expression Labels, expression Predictions, class Weights, class Number,
          reduced R = reduced::sum_by_nonzero_weights, auto Site = [] {}>
  requires operands<Predictions, Weights> && operands<Predictions, Number>
constexpr composed<detail::reduced_loss_with_number<detail::log_loss_of, R>, Labels, Predictions,
                   detail::number_of_loss<Predictions, Site, Number>, detail::weights_of<Predictions, Site, Weights>>
log_loss(Labels const& y_true, Predictions const& predictions, Weights const& weights, Number const& epsilon,
         reduction_t<R> = {}) {
  return composition<detail::reduced_loss_with_number<detail::log_loss_of, R>>(
      y_true, predictions, detail::as_number_of_loss<Predictions, Site>(epsilon),
      detail::as_weights<Predictions, Site>(weights));
}
}  // namespace losses

TFX_END
