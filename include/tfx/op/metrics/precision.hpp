// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/metrics/confusion.hpp>

TFX_BEGIN

namespace metrics {
/// How much of what was predicted is true, true positives / (true + false positives), and 0 of nothing: `auto [value,
/// update_op] = metrics::precision(y, x)`, `precision<"first">(y, x, weights)`. Its variables are
/// `precision/true_positives/count` and `precision/false_positives/count`, or those of its name.
/// Labels and predictions have one shape, and are bool, or numbers that are not 0. Weights are a number, a scalar, or
/// of the same rank, each extent 1 or the same.
template <name Name = "precision", typed_expression Labels, typed_expression Predictions>
constexpr auto precision(Labels const& y_true, Predictions const& predictions) {
  using F = detail::confusion_of_batch<detail::confused::true_positives, detail::confused::false_positives>;
  return detail::metric<detail::part_of_both, Name / "true_positives/count", Name / "false_positives/count">(
      composition<F>(y_true, predictions));
}
template <name Name = "precision", typed_expression Labels, typed_expression Predictions, class Weights,
          auto Site = [] {}>
  requires operands<Predictions, Weights>
constexpr auto precision(Labels const& y_true, Predictions const& predictions, Weights const& weights) {
  using F = detail::confusion_of_batch<detail::confused::true_positives, detail::confused::false_positives>;
  return detail::metric<detail::part_of_both, Name / "true_positives/count", Name / "false_positives/count">(
      composition<F>(y_true, predictions, detail::metric_weights<Predictions, Site>(weights)));
}
template <name Name = "", class... X>
  requires(untyped<X> || ...)
a_metric_stands_outside_of_functions_over_handles precision(X const&...);
}  // namespace metrics

TFX_END
