// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/losses/compute_weighted_loss.hpp>
#include <tfx/op/math/abs.hpp>
#include <tfx/op/math/minimum.hpp>
#include <tfx/op/math/subtract.hpp>

TFX_BEGIN

namespace detail {
struct huber_loss_of {
  template <class Handle, class Delta = double>
  static constexpr Handle each(Handle y_true, Handle predictions, Delta delta = 1.0) {
    auto const [y, x] = compare(y_true, predictions);
    Handle const error = abs(x - y), within = minimum(error, delta);
    return 0.5 * within * within + delta * (error - within);
  }
};
}  // namespace detail

namespace losses {
/// Half the squared error up to `delta`, 1 unless told, and delta · |error| − ½ delta² beyond (Huber, 1964), reduced to
/// its mean over the weights that are not 0: `huber_loss(y, x)`, `(y, x, weights)`, `(y, x, weights, delta)`, and a
/// Reduction last. Shapes and weights as of mean_squared_error.
template <expression Labels, expression Predictions, reduced R = reduced::sum_by_nonzero_weights>
constexpr composed<detail::reduced_loss<detail::huber_loss_of, R>, Labels, Predictions> huber_loss(
    Labels const& y_true, Predictions const& predictions, reduction_t<R> = {}) {
  return composition<detail::reduced_loss<detail::huber_loss_of, R>>(y_true, predictions);
}
template <expression Labels, expression Predictions, class Weights, reduced R = reduced::sum_by_nonzero_weights,
          auto Site = [] {}>
  requires operands<Predictions, Weights>
constexpr composed<detail::reduced_loss<detail::huber_loss_of, R>, Labels, Predictions,
                   detail::weights_of<Predictions, Site, Weights>>
huber_loss(Labels const& y_true, Predictions const& predictions, Weights const& weights, reduction_t<R> = {}) {
  return composition<detail::reduced_loss<detail::huber_loss_of, R>>(y_true, predictions,
                                                                     detail::as_weights<Predictions, Site>(weights));
}
template <expression Labels, expression Predictions, class Weights, class Number,
          reduced R = reduced::sum_by_nonzero_weights, auto Site = [] {}>
  requires operands<Predictions, Weights> && operands<Predictions, Number>
constexpr composed<detail::reduced_loss_with_number<detail::huber_loss_of, R>, Labels, Predictions,
                   detail::number_of_loss<Predictions, Site, Number>, detail::weights_of<Predictions, Site, Weights>>
huber_loss(Labels const& y_true, Predictions const& predictions, Weights const& weights, Number const& delta,
           reduction_t<R> = {}) {
  return composition<detail::reduced_loss_with_number<detail::huber_loss_of, R>>(
      y_true, predictions, detail::as_number_of_loss<Predictions, Site>(delta),
      detail::as_weights<Predictions, Site>(weights));
}
}  // namespace losses

TFX_END
