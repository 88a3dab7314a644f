// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/name.hpp>
#include <tfx/base/raise.hpp>
#include <tfx/op/nn/relu.hpp>

TFX_BEGIN

// What canned estimators are told, as values of empty types.

/// How many units each hidden layer has: `hidden_units<16, 16>`.
template <int... Units>
struct hidden_units_t {
  static_assert(((Units > 0) && ...), "tfx: a hidden layer has units");
};
template <int... Units>
inline constexpr hidden_units_t<Units...> hidden_units{};

/// How many classes labels are of, from 0 on; of two, a model has one logit.
template <int N>
struct n_classes_t {
  static_assert(N > 1, "tfx: n_classes must be > 1");
};
template <int N>
inline constexpr n_classes_t<N> n_classes{};

/// How many numbers a label of a regressor has, 1 unless told.
template <int N>
struct label_dimension_t {
  static_assert(N > 0, "tfx: label_dimension must be > 0");
};
template <int N>
inline constexpr label_dimension_t<N> label_dimension{};

/// How many numbers there are in a row of features, and the column's name, of which a linear model's weights have
/// theirs: `feature_columns<4>`, `feature_columns<4, "flower">`.
template <int N, name Column = "x">
struct feature_columns_t {
  static_assert(N > 0, "tfx: a row has features");
};
template <int N, name Column = "x">
inline constexpr feature_columns_t<N, Column> feature_columns{};

/// What hidden layers end with, relu unless told: `activation_fn([](auto x) { return nn::tanh(x); })`, a function over
/// handles without captures.
template <class F>
struct activation_t {};
template <class F>
constexpr activation_t<F> activation_fn(F) {
  return {};
}

namespace estimator {

struct relu_activation {
  constexpr auto operator()(auto x) const { return nn::relu(x); }
};

/// The part of each hidden layer's units, in [0, 1), that a training step leaves out: `estimator::dropout(0.5f)`.
struct dropout_t {
  float rate;
};
inline dropout_t dropout(float rate) {
  if (!(rate >= 0 && rate < 1))
    raise<errors::InvalidArgumentError>("dropout must be in [0, 1), given: %g", static_cast<double>(rate));
  return {rate};
}

}  // namespace estimator
TFX_END
