// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/ones_like.hpp>
#include <tfx/op/losses/compute_weighted_loss.hpp>
#include <tfx/op/math/square.hpp>
#include <tfx/op/math/subtract.hpp>

TFX_BEGIN

namespace detail {
struct pairwise_loss {
  template <class Handle>
  static constexpr Handle sum_of_rows(Handle x) {
    if (x.rank() <= 1) return x;
    i64 words[1 + max_rank] = {1};
    for (int i = 1; i < x.rank(); ++i) words[i] = i;
    return add_node<reduce_sum_op>(words, x.rank(), x);
  }
  template <class Handle>
  static constexpr Handle each(Handle y_true, Handle predictions, Handle present) {
    auto const [y, x] = compare(y_true, predictions);
    Handle const error = x - y, n = sum_of_rows(cast(present, error.type()) + zeros_like(error));
    Handle const squares = div_no_nan(sum_of_rows(square(error)), n - 1.0);
    return 2.0 * (squares - div_no_nan(square(sum_of_rows(error)), n * (n - 1.0)));
  }
};
template <losses::reduced How>
struct mean_pairwise_squared_error_of {
  constexpr auto operator()(auto y_true, auto predictions) const {
    return weighted_loss_of<How>{}(pairwise_loss::each(y_true, predictions, ones_like(predictions)));
  }
  constexpr auto operator()(auto y_true, auto predictions, auto weights) const {
    return weighted_loss_of<How>{}(pairwise_loss::each(y_true, predictions, not_equal(weights, 0.0)), weights);
  }
};
}  // namespace detail

namespace losses {
/// The squared differences between the errors of all pairs of elements of one row, behind the first axis: for a row of
/// n errors e it is (2 / (n (n − 1))) · Σ (eᵢ − eⱼ)² over pairs, and 0 for rows of one. Reduced to its mean over the
/// weights that are not 0: `mean_pairwise_squared_error(y, x)`, `(y, x, weights)`, `(y, x, weights, Reduction::SUM)`.
/// Labels and predictions have one shape [n, …]; weights are a number, a scalar, or of that rank and of extents 1
/// behind the first.
template <expression Labels, expression Predictions, reduced R = reduced::sum_by_nonzero_weights>
constexpr composed<detail::mean_pairwise_squared_error_of<R>, Labels, Predictions> mean_pairwise_squared_error(
    Labels const& y_true, Predictions const& predictions, reduction_t<R> = {}) {
  return composition<detail::mean_pairwise_squared_error_of<R>>(y_true, predictions);
}
template <expression Labels, expression Predictions, class Weights, reduced R = reduced::sum_by_nonzero_weights,
          auto Site = [] {}>
  requires operands<Predictions, Weights>
constexpr composed<detail::mean_pairwise_squared_error_of<R>, Labels, Predictions,
                   detail::weights_of<Predictions, Site, Weights>>
mean_pairwise_squared_error(Labels const& y_true, Predictions const& predictions, Weights const& weights,
                            reduction_t<R> = {}) {
  return composition<detail::mean_pairwise_squared_error_of<R>>(y_true, predictions,
                                                                detail::as_weights<Predictions, Site>(weights));
}
}  // namespace losses

TFX_END
