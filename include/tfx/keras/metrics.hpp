// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/losses.hpp>
#include <tfx/keras/metrics_of_classes.hpp>
#include <tuple>

TFX_BEGIN

namespace keras {
struct metric_kind {
  template <class Word>
  struct refusal {
    static_assert(
        is_word<metric_kind, Word>,
        "tfx: keras::metric knows no such word: it is accuracy (acc), binary_accuracy, categorical_accuracy, "
        "sparse_categorical_accuracy, top_k_categorical_accuracy, sparse_top_k_categorical_accuracy, "
        "crossentropy (ce), or a loss: mse, mae, mape, msle, squared_hinge, hinge, categorical_hinge, logcosh, "
        "categorical_crossentropy, sparse_categorical_crossentropy, binary_crossentropy, kld, poisson, cosine");
  };
};
/// Every loss is a metric too.
template <class Word>
  requires is_word<loss_kind, Word>
struct stands_for<metric_kind, Word> : stands_for<loss_kind, Word> {};
template <>
struct stands_for<metric_kind, named_as<"accuracy">> : accuracy_t {};
template <>
struct stands_for<metric_kind, named_as<"acc">> : accuracy_t {};
template <>
struct stands_for<metric_kind, named_as<"crossentropy">> : crossentropy_t {};
template <>
struct stands_for<metric_kind, named_as<"ce">> : crossentropy_t {};
template <>
struct stands_for<metric_kind, named_as<"binary_accuracy">> : binary_accuracy_t {};
template <>
struct stands_for<metric_kind, named_as<"categorical_accuracy">> : categorical_accuracy_t {};
template <>
struct stands_for<metric_kind, named_as<"sparse_categorical_accuracy">> : sparse_categorical_accuracy_t {};
template <>
struct stands_for<metric_kind, named_as<"top_k_categorical_accuracy">> : top_k_categorical_accuracy_t<5> {};
template <>
struct stands_for<metric_kind, named_as<"sparse_top_k_categorical_accuracy">> : sparse_top_k_categorical_accuracy_t<5> {
};

/// A metric by a name of the user's.
template <class Word, class Function>
struct named_metric {
  [[no_unique_address]] Function function;

  static constexpr std::string_view name() { return detail::spelling<Word>::view; }
  template <expression Labels, expression Output>
  constexpr auto operator()(Labels const& y_true, Output const& y_pred) const {
    return function(y_true, y_pred);
  }
};
/// What `metric<"name">` is.
template <class Word>
struct metric_called {
  static constexpr std::string_view name() { return detail::spelling<Word>::view; }
  template <class Function>
    requires(!expression<Function>)
  constexpr named_metric<Word, Function> operator()(Function const& function) const {
    return {function};
  }
  template <expression Labels, expression Output>
  constexpr auto operator()(Labels const& y_true, Output const& y_pred) const {
    return word<metric_kind, Word>{}(y_true, y_pred);
  }
  template <class Loss>
  constexpr auto beside(Loss const& loss) const {
    return metric_beside(word<metric_kind, Word>{}, loss);
  }
};
/// The metric that Keras calls so, `metric<"mae">(y_true, y_pred)`, one value for each sample; or of this name and any
/// function: `metric<"mean_pred">([](auto, auto y_pred) { return reduce_mean(y_pred, axis<-1>); })`.
template <tfx::name Name>
inline constexpr metric_called<named_as<Name>> metric{};

/// Several metrics: `metrics<"mae", "accuracy">`, or any, `metric_list(metric<"mae">, metric<"first">(f))`.
template <class... Metric>
struct metric_list {
  [[no_unique_address]] std::tuple<Metric...> all;

  static constexpr std::size_t size = sizeof...(Metric);
  constexpr metric_list(Metric const&... each)
    requires(sizeof...(Metric) > 0)
      : all(each...) {}
  constexpr metric_list()
    requires(std::is_empty_v<Metric> && ...)
  = default;
};
template <class... Metric>
metric_list(Metric const&...) -> metric_list<Metric...>;
/// A list of words.
template <tfx::name... Names>
inline constexpr metric_list<word<metric_kind, named_as<Names>>...> metrics{};

namespace detail {
template <class>
inline constexpr bool is_metric_list = false;
template <class... Metric>
inline constexpr bool is_metric_list<metric_list<Metric...>> = true;
}  // namespace detail
/// The metrics of each output of a model: `output_metrics(metrics<"mae">, metrics<>, metrics<"accuracy">)`.
template <class... List>
struct output_metrics {
  static_assert((detail::is_metric_list<List> && ...),
                "tfx: output_metrics takes keras::metrics<...> or a metric_list for each output");
  [[no_unique_address]] std::tuple<List...> all;
  constexpr explicit output_metrics(List const&... each) : all(each...) {}
};
}  // namespace keras

TFX_END
