// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/metrics/streaming.hpp>

TFX_BEGIN

namespace detail {
struct mean_of_batch {
  constexpr auto operator()(auto values, auto... weights) const { return sum_and_count(values, weights...); }
};
}  // namespace detail

namespace metrics {
/// The mean of all values: `auto [value, update_op] = metrics::mean(loss)`, `mean<"loss">(values, weights)`. Its
/// variables are `mean/total` and `mean/count`, or those of its name. Weights are a number, a scalar, or of the values'
/// rank, each extent 1 or theirs.
template <name Name = "mean", typed_expression Values>
constexpr auto mean(Values const& values) {
  return detail::metric<detail::total_over_count, Name / "total", Name / "count">(
      composition<detail::mean_of_batch>(values));
}
template <name Name = "mean", typed_expression Values, class Weights, auto Site = [] {}>
  requires operands<Values, Weights>
constexpr auto mean(Values const& values, Weights const& weights) {
  return detail::metric<detail::total_over_count, Name / "total", Name / "count">(
      composition<detail::mean_of_batch>(values, detail::metric_weights<Values, Site>(weights)));
}
template <name Name = "", class... X>
  requires(untyped<X> || ...)
a_metric_stands_outside_of_functions_over_handles mean(X const&...);
}  // namespace metrics

TFX_END
