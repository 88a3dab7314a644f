// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/equal.hpp>
#include <tfx/op/metrics/streaming.hpp>

TFX_BEGIN

namespace detail {
struct accuracy_of {
  template <class Handle>
  static constexpr Handle each(Handle y_true, Handle predictions) {
    return equal(apply<same_shape_op>(cast(y_true, predictions.type()), predictions), predictions);
  }
};
}  // namespace detail

namespace metrics {
/// How often predictions equal labels: `auto [value, update_op] = metrics::accuracy(classes, argmax(z, axis<1>))`,
/// `accuracy<"first">(y, x, weights)`. Its variables are `accuracy/total` and `accuracy/count`, or `first/…`. Labels
/// and predictions have one shape; weights are a number, a scalar, or of the same rank, each extent 1 or the same.
template <name Name = "accuracy", typed_expression Labels, typed_expression Predictions>
constexpr auto accuracy(Labels const& y_true, Predictions const& predictions) {
  return detail::metric<detail::total_over_count, Name / "total", Name / "count">(
      composition<detail::batch_mean_of<detail::accuracy_of>>(y_true, predictions));
}
template <name Name = "accuracy", typed_expression Labels, typed_expression Predictions, class Weights,
          auto Site = [] {}>
  requires operands<Predictions, Weights>
constexpr auto accuracy(Labels const& y_true, Predictions const& predictions, Weights const& weights) {
  return detail::metric<detail::total_over_count, Name / "total", Name / "count">(
      composition<detail::batch_mean_of<detail::accuracy_of>>(y_true, predictions,
                                                              detail::metric_weights<Predictions, Site>(weights)));
}
template <name Name = "", class... X>
  requires(untyped<X> || ...)
a_metric_stands_outside_of_functions_over_handles accuracy(X const&...);
}  // namespace metrics

TFX_END
