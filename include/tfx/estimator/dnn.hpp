// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/estimator/canned.hpp>
#include <tfx/train/adagrad.hpp>

TFX_BEGIN
namespace estimator {

// Layers of units between features and logits: relu(x · kernel + bias), dropout where it is told, and the logits, whose
// variables are `dnn/hiddenlayer_0/kernel`, `…/bias` and so on, `dnn/logits/kernel` and `dnn/logits/bias`. Kernels
// begin as glorot_uniform_initializer makes them, biases as 0. Without an optimizer, AdagradOptimizer(0.05f).

namespace detail {
using default_dnn_optimizer = train::AdagradOptimizer<float>;
}  // namespace detail

/// Tells classes apart: `DNNClassifier(hidden_units<16, 16>, n_classes<3>, feature_columns<4>, AdagradOptimizer(0.1f),
/// {.model_dir = "/tmp/iris"}, dropout(0.5f), activation_fn(f))`; everything from the optimizer on may be left out.
/// Features are rows of numbers, [batch, columns]; labels the classes' numbers, [batch] or [batch, 1], whole ones, of
/// two classes also floats from 0 to 1. InvalidArgumentError where a label is no class.
///
/// The loss that is trained is the sum of the batch's cross entropies. `evaluate` gives `loss`, the mean of those sums,
/// `average_loss`, that of each row, `accuracy`, and of two classes `accuracy_baseline`, `precision`, `recall`, `auc`,
/// `auc_precision_recall`, `prediction/mean` and `label/mean`. `predict` gives `logits`, `probabilities` and
/// `class_ids`, and of two classes, which have one logit, `logistic`.
template <class Model>
class DNNClassifier : public Estimator<Model> {
 public:
  template <int... U, int N, int D, name C, detail::is_optimizer Optimizer, class... More>
  DNNClassifier(hidden_units_t<U...>, n_classes_t<N>, feature_columns_t<D, C>, Optimizer const& optimizer,
                RunConfig config = {}, More const&... more)
      : Estimator<Model>(Model{{detail::dropout_among(more...)}, optimizer}, static_cast<RunConfig&&>(config)) {}
  template <int... U, int N, int D, name C, class... More>
  DNNClassifier(hidden_units_t<U...> units, n_classes_t<N> classes, feature_columns_t<D, C> columns,
                RunConfig config = {}, More const&... more)
      : DNNClassifier(units, classes, columns, detail::default_dnn_optimizer(0.05f), static_cast<RunConfig&&>(config),
                      more...) {}
};
template <int... U, int N, int D, name C, detail::is_optimizer Optimizer, class... More>
DNNClassifier(hidden_units_t<U...>, n_classes_t<N>, feature_columns_t<D, C>, Optimizer const&, RunConfig = {},
              More const&...)
    -> DNNClassifier<detail::canned_dnn<detail::classifier_head<N>, D, Optimizer, hidden_units_t<U...>, More...>>;
template <int... U, int N, int D, name C, class... More>
DNNClassifier(hidden_units_t<U...>, n_classes_t<N>, feature_columns_t<D, C>, RunConfig = {}, More const&...)
    -> DNNClassifier<detail::canned_dnn<detail::classifier_head<N>, D, detail::default_dnn_optimizer,
                                        hidden_units_t<U...>, More...>>;

/// Predicts numbers: `DNNRegressor(hidden_units<16>, feature_columns<4>, optimizer, {.model_dir = "/tmp/prices"})`, and
/// behind the configuration label_dimension<K>, where a row has several, dropout and activation_fn. Labels are [batch,
/// K], or [batch] of one each. The loss that is trained is the sum of squared differences; `evaluate` gives `loss`,
/// `average_loss`, `prediction/mean` and `label/mean`, `predict` gives `predictions`, [rows, K].
template <class Model>
class DNNRegressor : public Estimator<Model> {
 public:
  template <int... U, int D, name C, detail::is_optimizer Optimizer, class... More>
  DNNRegressor(hidden_units_t<U...>, feature_columns_t<D, C>, Optimizer const& optimizer, RunConfig config = {},
               More const&... more)
      : Estimator<Model>(Model{{detail::dropout_among(more...)}, optimizer}, static_cast<RunConfig&&>(config)) {}
  template <int... U, int D, name C, class... More>
  DNNRegressor(hidden_units_t<U...> units, feature_columns_t<D, C> columns, RunConfig config = {}, More const&... more)
      : DNNRegressor(units, columns, detail::default_dnn_optimizer(0.05f), static_cast<RunConfig&&>(config), more...) {}
};
template <int... U, int D, name C, detail::is_optimizer Optimizer, class... More>
DNNRegressor(hidden_units_t<U...>, feature_columns_t<D, C>, Optimizer const&, RunConfig = {}, More const&...)
    -> DNNRegressor<
        detail::canned_dnn<detail::regression_head_of<More...>, D, Optimizer, hidden_units_t<U...>, More...>>;
template <int... U, int D, name C, class... More>
DNNRegressor(hidden_units_t<U...>, feature_columns_t<D, C>, RunConfig = {}, More const&...)
    -> DNNRegressor<detail::canned_dnn<detail::regression_head_of<More...>, D, detail::default_dnn_optimizer,
                                       hidden_units_t<U...>, More...>>;

}  // namespace estimator
TFX_END
