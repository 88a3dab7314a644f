// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/estimator/estimator.hpp>
#include <tfx/estimator/heads.hpp>
#include <tfx/estimator/networks.hpp>

TFX_BEGIN
namespace estimator {

// Never defined: using it is the error.
template <class Shape, int Columns>
struct features_must_be_of_shape_batch_and_columns;  // and numbers

namespace detail {
/// The model function of a canned estimator.
template <class Network, class Head, int Columns, class Optimizer>
struct canned_model {
  Network network;
  Optimizer optimizer;

  template <class Features, class Labels, mode Mode>
  auto operator()(Features const& features, [[maybe_unused]] Labels const& labels, mode_key<Mode> mode) const {
    static_assert(!is_tuple<Features>, "tfx: a canned estimator takes one array of features");
    constexpr dims shape = Features::shape_type::value;
    constexpr bool fits = shape.rank == 2 && (shape.extent[1] < 0 || shape.extent[1] == Columns) &&
                          std::is_arithmetic_v<typename Features::value_type>;
    if constexpr (!fits) {
      static_cast<void>(sizeof(features_must_be_of_shape_batch_and_columns<typename Features::shape_type, Columns>));
    } else {
      auto const logits = network(features, mode);
      if constexpr (Mode == detail::mode::predict) {
        return Head::predictions(logits);
      } else {
        Head::template check_labels<Labels>();
        auto const loss = composition<typename Head::loss>(labels, logits);
        using metric = head_metric<typename Head::count, std::remove_const_t<decltype(logits)>>;
        return EstimatorSpec(loss, optimizer, metric{logits});
      }
    }
  }
  /// Refuses features and labels that do not fit, before a run says so in its own words.
  template <class Features, class... Labels>
  void check_batch(std::tuple<Features, Labels...> const& batch, bool with_labels) const {
    auto const columns = static_cast<i64>(std::get<0>(batch).shape()[1]);
    if (columns != Columns)
      raise<errors::InvalidArgumentError>("feature_columns: rows of %d numbers are expected, and have %lld", Columns,
                                          static_cast<long long>(columns));
    if constexpr (sizeof...(Labels) > 0)
      if (with_labels) Head::check_values(std::get<sizeof...(Labels)>(batch));
  }
};

template <class Network, class Head, int Columns, class Optimizer>
using canned = Estimator<canned_model<Network, Head, Columns, Optimizer>>;

// What stands behind the configuration, in any order: an activation, a dropout, a label's dimension.
template <class Default, class... X>
struct activation_among {
  using type = Default;
};
template <class Default, class F, class... Rest>
struct activation_among<Default, activation_t<F>, Rest...> {
  using type = F;
};
template <class Default, class X, class... Rest>
struct activation_among<Default, X, Rest...> : activation_among<Default, Rest...> {};
template <class... X>
struct dimension_among {
  static constexpr int value = 1;
};
template <int N, class... Rest>
struct dimension_among<label_dimension_t<N>, Rest...> {
  static constexpr int value = N;
};
template <class X, class... Rest>
struct dimension_among<X, Rest...> : dimension_among<Rest...> {};
template <class... X>
using regression_head_of = regression_head<dimension_among<X...>::value>;

inline dropout_t dropout_among() { return {0}; }
template <class First, class... Rest>
dropout_t dropout_among(First const& first, Rest const&... rest) {
  if constexpr (std::is_same_v<First, dropout_t>) {
    return first;
  } else {
    return dropout_among(rest...);
  }
}
template <class X>
inline constexpr bool is_dnn_option = std::is_same_v<X, dropout_t>;
template <class F>
inline constexpr bool is_dnn_option<activation_t<F>> = true;
template <class X>
inline constexpr bool is_label_dimension = false;
template <int N>
inline constexpr bool is_label_dimension<label_dimension_t<N>> = true;

template <class Head, int Columns, class Hidden, class... More>
struct dnn_for;
template <class Head, int Columns, int... Units, class... More>
struct dnn_for<Head, Columns, hidden_units_t<Units...>, More...> {
  static_assert(((is_dnn_option<More> || (Head::regresses && is_label_dimension<More>)) && ...),
                "tfx: after its RunConfig a DNN takes activation_fn(f), dropout(rate), a regressor label_dimension<N>");
  static constexpr bool drops = (std::is_same_v<More, dropout_t> || ...);
  using type =
      dnn<typename activation_among<relu_activation, More...>::type, drops, Columns, Units..., Head::logits_dimension>;
};
template <class Head, int Columns, class Optimizer, class Hidden, class... More>
using canned_dnn = canned_model<typename dnn_for<Head, Columns, Hidden, More...>::type, Head, Columns, Optimizer>;
template <class Head, class Column, class Optimizer>
struct linear_for;
template <class Head, int Columns, name Column, class Optimizer>
struct linear_for<Head, feature_columns_t<Columns, Column>, Optimizer> {
  using type = canned_model<linear<Column, Columns, Head::logits_dimension>, Head, Columns, Optimizer>;
};
template <class Head, class Column, class Optimizer>
using canned_linear = typename linear_for<Head, Column, Optimizer>::type;
}  // namespace detail

}  // namespace estimator
TFX_END
