// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/losses/compute_weighted_loss.hpp>
#include <tfx/shape/axes.hpp>

TFX_BEGIN

namespace detail {
template <int Axis>
struct cosine_distance_of {
  template <class Handle>
  static constexpr Handle each(Handle y_true, Handle predictions) {
    auto const [y, x] = compare(y_true, predictions);
    return 1.0 - reduce_sum(x * y, axis<Axis>, keepdims);
  }
};
}  // namespace detail

namespace losses {
/// 1 − Σ predictions · labels along an axis, which both have been normalized along, reduced to its mean over the
/// weights that are not 0: `cosine_distance(y, x, axis<1>)`, `(y, x, axis<1>, weights)`, `(y, x, axis<1>, weights,
/// Reduction::SUM)`. Labels and predictions have one shape; weights are a number, a scalar, or of that rank, with 1
/// along the axis and each other extent 1 or the same.
template <expression Labels, expression Predictions, int A, reduced R = reduced::sum_by_nonzero_weights>
constexpr composed<detail::reduced_loss<detail::cosine_distance_of<A>, R>, Labels, Predictions> cosine_distance(
    Labels const& y_true, Predictions const& predictions, axes_t<A>, reduction_t<R> = {}) {
  return composition<detail::reduced_loss<detail::cosine_distance_of<A>, R>>(y_true, predictions);
}
template <expression Labels, expression Predictions, int A, class Weights, reduced R = reduced::sum_by_nonzero_weights,
          auto Site = [] {}>
  requires operands<Predictions, Weights>
constexpr composed<detail::reduced_loss<detail::cosine_distance_of<A>, R>, Labels, Predictions,
                   detail::weights_of<Predictions, Site, Weights>>
cosine_distance(Labels const& y_true, Predictions const& predictions, axes_t<A>, Weights const& weights,
                reduction_t<R> = {}) {
  return composition<detail::reduced_loss<detail::cosine_distance_of<A>, R>>(
      y_true, predictions, detail::as_weights<Predictions, Site>(weights));
}
}  // namespace losses

TFX_END
