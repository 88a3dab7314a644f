// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/estimator/canned.hpp>
#include <tfx/train/ftrl.hpp>

TFX_BEGIN
namespace estimator {

// x · weights + bias: the variables are `linear/linear_model/x/weights`, where x is the column's name, and
// `linear/linear_model/bias_weights`, which begin as 0. Without an optimizer, FtrlOptimizer(0.2f).

namespace detail {
using default_linear_optimizer = train::FtrlOptimizer<float>;
}  // namespace detail

/// Logistic regression: `LinearClassifier(n_classes<3>, feature_columns<4>, optimizer, {.model_dir = "/tmp/iris"})`.
/// Features, labels, loss, metrics and predictions are those of a DNNClassifier.
template <class Model>
class LinearClassifier : public Estimator<Model> {
 public:
  template <int N, int D, name C, detail::is_optimizer Optimizer>
  LinearClassifier(n_classes_t<N>, feature_columns_t<D, C>, Optimizer const& optimizer, RunConfig config = {})
      : Estimator<Model>(Model{{}, optimizer}, static_cast<RunConfig&&>(config)) {}
  template <int N, int D, name C>
  LinearClassifier(n_classes_t<N> classes, feature_columns_t<D, C> columns, RunConfig config = {})
      : LinearClassifier(classes, columns, detail::default_linear_optimizer(0.2f), static_cast<RunConfig&&>(config)) {}
};
template <int N, int D, name C, detail::is_optimizer Optimizer>
LinearClassifier(n_classes_t<N>, feature_columns_t<D, C>, Optimizer const&, RunConfig = {})
    -> LinearClassifier<detail::canned_linear<detail::classifier_head<N>, feature_columns_t<D, C>, Optimizer>>;
template <int N, int D, name C>
LinearClassifier(n_classes_t<N>, feature_columns_t<D, C>, RunConfig = {}) -> LinearClassifier<
    detail::canned_linear<detail::classifier_head<N>, feature_columns_t<D, C>, detail::default_linear_optimizer>>;

/// Linear regression: `LinearRegressor(feature_columns<4>, optimizer, {.model_dir = "/tmp/prices"})`, and behind the
/// configuration label_dimension<K>, where a row has several numbers. Features, labels, loss, metrics and predictions
/// are those of a DNNRegressor.
template <class Model>
class LinearRegressor : public Estimator<Model> {
 public:
  template <int D, name C, detail::is_optimizer Optimizer, int N = 1>
  LinearRegressor(feature_columns_t<D, C>, Optimizer const& optimizer, RunConfig config = {}, label_dimension_t<N> = {})
      : Estimator<Model>(Model{{}, optimizer}, static_cast<RunConfig&&>(config)) {}
  template <int D, name C, int N = 1>
  LinearRegressor(feature_columns_t<D, C> columns, RunConfig config = {}, label_dimension_t<N> dimension = {})
      : LinearRegressor(columns, detail::default_linear_optimizer(0.2f), static_cast<RunConfig&&>(config), dimension) {}
};
template <int D, name C, detail::is_optimizer Optimizer, int N = 1>
LinearRegressor(feature_columns_t<D, C>, Optimizer const&, RunConfig = {}, label_dimension_t<N> = {})
    -> LinearRegressor<detail::canned_linear<detail::regression_head<N>, feature_columns_t<D, C>, Optimizer>>;
template <int D, name C, int N = 1>
LinearRegressor(feature_columns_t<D, C>, RunConfig = {}, label_dimension_t<N> = {}) -> LinearRegressor<
    detail::canned_linear<detail::regression_head<N>, feature_columns_t<D, C>, detail::default_linear_optimizer>>;

}  // namespace estimator
TFX_END
