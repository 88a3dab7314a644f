// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/losses/compute_weighted_loss.hpp>
#include <tfx/op/math/abs.hpp>
#include <tfx/op/math/subtract.hpp>

TFX_BEGIN

namespace detail {
struct absolute_difference_of {
  template <class Handle>
  static constexpr Handle each(Handle y_true, Handle predictions) {
    auto const [y, x] = compare(y_true, predictions);
    return abs(x - y);
  }
};
}  // namespace detail

namespace losses {
/// |predictions − labels|, reduced to its mean over the weights that are not 0: `absolute_difference(y, x)`, `(y, x,
/// weights)`, `(y, x, weights, Reduction::SUM)`. Labels and predictions have one shape; whole numbers are taken as
/// floats. Weights are a number, a scalar, or of the same rank, each extent 1 or the same.
template <expression Labels, expression Predictions, reduced R = reduced::sum_by_nonzero_weights>
constexpr composed<detail::reduced_loss<detail::absolute_difference_of, R>, Labels, Predictions> absolute_difference(
    Labels const& y_true, Predictions const& predictions, reduction_t<R> = {}) {
  return composition<detail::reduced_loss<detail::absolute_difference_of, R>>(y_true, predictions);
}
template <expression Labels, expression Predictions, class Weights, reduced R = reduced::sum_by_nonzero_weights,
          auto Site = [] {}>
  requires operands<Predictions, Weights>
constexpr composed<detail::reduced_loss<detail::absolute_difference_of, R>, Labels, Predictions,
                   detail::weights_of<Predictions, Site, Weights>>
absolute_difference(Labels const& y_true, Predictions const& predictions, Weights const& weights, reduction_t<R> = {}) {
  return composition<detail::reduced_loss<detail::absolute_difference_of, R>>(
      y_true, predictions, detail::as_weights<Predictions, Site>(weights));
}
}  // namespace losses

TFX_END
