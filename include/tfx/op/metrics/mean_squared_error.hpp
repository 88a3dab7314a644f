// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/squared_difference.hpp>
#include <tfx/op/metrics/streaming.hpp>

TFX_BEGIN

namespace detail {
struct mean_squared_error_of_batch {
  template <class Handle>
  static constexpr Handle each(Handle y_true, Handle predictions) {
    auto const [y, x] = compare(y_true, predictions);
    return squared_difference(x, y);
  }
};
}  // namespace detail

namespace metrics {
/// The mean of (predictions − labels)²: `auto [value, update_op] = metrics::mean_squared_error(y, x)`, `(y, x,
/// weights)`. Its variables are `mean_squared_error/total` and `…/count`, or those of its name. Labels and predictions
/// have one shape; weights are a number, a scalar, or of the same rank, each extent 1 or the same.
template <name Name = "mean_squared_error", typed_expression Labels, typed_expression Predictions>
constexpr auto mean_squared_error(Labels const& y_true, Predictions const& predictions) {
  return detail::metric<detail::total_over_count, Name / "total", Name / "count">(
      composition<detail::batch_mean_of<detail::mean_squared_error_of_batch>>(y_true, predictions));
}
template <name Name = "mean_squared_error", typed_expression Labels, typed_expression Predictions, class Weights,
          auto Site = [] {}>
  requires operands<Predictions, Weights>
constexpr auto mean_squared_error(Labels const& y_true, Predictions const& predictions, Weights const& weights) {
  return detail::metric<detail::total_over_count, Name / "total", Name / "count">(
      composition<detail::batch_mean_of<detail::mean_squared_error_of_batch>>(
          y_true, predictions, detail::metric_weights<Predictions, Site>(weights)));
}
template <name Name = "", class... X>
  requires(untyped<X> || ...)
a_metric_stands_outside_of_functions_over_handles mean_squared_error(X const&...);
}  // namespace metrics

TFX_END
