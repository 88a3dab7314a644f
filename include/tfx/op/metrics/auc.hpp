// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/ones_like.hpp>
#include <tfx/op/array/range.hpp>
#include <tfx/op/array/reshape.hpp>
#include <tfx/op/array/slice.hpp>
#include <tfx/op/array/where.hpp>
#include <tfx/op/math/divide.hpp>
#include <tfx/op/math/equal.hpp>
#include <tfx/op/math/greater.hpp>
#include <tfx/op/math/subtract.hpp>
#include <tfx/op/metrics/confusion.hpp>

TFX_BEGIN

namespace metrics {
/// What auc takes last: at how many thresholds it counts, 200 unless told.
template <int N>
struct num_thresholds_t {};
template <int N>
inline constexpr num_thresholds_t<N> num_thresholds{};
}  // namespace metrics

namespace detail {
/// How many elements of a batch are of each kind, by threshold.
template <int N>
struct auc_of_batch {
  constexpr auto operator()(auto y_true, auto predictions) const {
    auto const x = cast(predictions, dtype::float32);
    return count(y_true, x, ones_like(x));
  }
  constexpr auto operator()(auto y_true, auto predictions, auto weights) const {
    auto const x = cast(predictions, dtype::float32);
    return count(y_true, x, apply<weights_shape_op>(cast(weights, dtype::float32), x) + zeros_like(x));
  }

 private:
  // From 0 to 1, but that the first is below what is 0 and the last above what is 1.
  template <class Handle>
  static constexpr Handle thresholds(Handle like) {
    dims column;
    for (i64 const extent : {N, 1}) column.push_back(extent);
    Handle const place = cast(range(like.graph, dtype::int32, column), dtype::float32);
    return where(equal(place, 0.0), -1e-7,
                 where(equal(place, N - 1.0), 1.0 + 1e-7, place / static_cast<double>(N - 1)));
  }
  template <class Handle>
  static constexpr auto count(Handle y_true, Handle x, Handle weights) {
    auto const row = [](Handle h) { return reshape(h, {1, -1}); };
    Handle const truth = row(apply<same_shape_op>(cast(y_true, dtype::boolean), x)), w = row(weights);
    Handle const guess = greater(row(x), thresholds(x));
    auto const sum = [&](confused which) {
      return reduce_sum(cast(confusion(which, truth, guess), dtype::float32) * w, axis<1>);
    };
    return std::tuple{sum(confused::true_positives), sum(confused::false_negatives), sum(confused::true_negatives),
                      sum(confused::false_positives)};
  }
};
/// The area under the curve of recall over the rate of false positives, in trapezoids.
template <int N>
struct area_of_curve {
  constexpr auto operator()(auto tp, auto fn, auto tn, auto fp) const {
    constexpr double epsilon = 1e-6;
    auto const y = (tp + epsilon) / (tp + fn + epsilon), x = fp / (fp + tn + epsilon);
    auto const left = [](auto of) { return slice(of, index<0>, shape<N - 1>); };
    auto const right = [](auto of) { return slice(of, index<1>, shape<N - 1>); };
    return reduce_sum((left(x) - right(x)) * (left(y) + right(y)) * 0.5);
  }
};
template <name Name, int N, class... Sum>
constexpr auto auc_of(std::tuple<Sum...> const& of_batch) {
  static_assert(N > 1, "tfx: auc counts at two thresholds or more");
  return metric<area_of_curve<N>, Name / "true_positives", Name / "false_negatives", Name / "true_negatives",
                Name / "false_positives">(of_batch);
}
}  // namespace detail

namespace metrics {
/// The area under the receiver operating characteristic: recall over the rate of false positives, of predictions from 0
/// to 1 counted at thresholds as far apart, in trapezoids: `auto [value, update_op] = metrics::auc(y, x)`,
/// `auc<"first">( y, x, weights, num_thresholds<500>)`. Its variables are `auc/true_positives`, `auc/false_negatives`,
/// `auc/true_negatives` and `auc/false_positives`, or those of its name, one number for each threshold. Labels and
/// predictions have one shape; labels are bool, or numbers that are not 0. Weights are a number, a scalar, or of the
/// same rank, each extent 1 or the same.
template <name Name = "auc", typed_expression Labels, typed_expression Predictions, int N = 200>
constexpr auto auc(Labels const& y_true, Predictions const& predictions, num_thresholds_t<N> = {}) {
  return detail::auc_of<Name, N>(composition<detail::auc_of_batch<N>>(y_true, predictions));
}
template <name Name = "auc", typed_expression Labels, typed_expression Predictions, class Weights, int N = 200,
          auto Site = [] {}>
  requires operands<Predictions, Weights>
constexpr auto auc(Labels const& y_true, Predictions const& predictions, Weights const& weights,
                   num_thresholds_t<N> = {}) {
  return detail::auc_of<Name, N>(
      composition<detail::auc_of_batch<N>>(y_true, predictions, detail::metric_weights<Predictions, Site>(weights)));
}
template <name Name = "", class... X>
  requires(untyped<X> || ...)
a_metric_stands_outside_of_functions_over_handles auc(X const&...);
}  // namespace metrics

TFX_END
