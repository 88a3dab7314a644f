// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/estimator/estimator_spec.hpp>
#include <tfx/estimator/head_counts.hpp>
#include <tfx/graph/composition.hpp>
#include <tfx/op/array/concat.hpp>
#include <tfx/op/array/expand_dims.hpp>
#include <tfx/op/array/reshape.hpp>
#include <tfx/op/array/zeros_like.hpp>
#include <tfx/op/math/argmax.hpp>
#include <tfx/op/math/reduce_sum.hpp>
#include <tfx/op/math/sigmoid.hpp>
#include <tfx/op/math/squared_difference.hpp>
#include <tfx/op/nn/sigmoid_cross_entropy_with_logits.hpp>
#include <tfx/op/nn/softmax.hpp>
#include <tfx/op/nn/sparse_softmax_cross_entropy_with_logits.hpp>

TFX_BEGIN
namespace estimator {

// Never defined: using one is the error, and its name is the message.
template <class Shape, int Dimension>
struct labels_must_be_of_shape_batch_or_batch_and_dimension;
template <class Label>
struct labels_of_classes_must_be_whole_numbers;
template <class Label>
struct labels_of_a_regressor_must_be_numbers;

namespace detail {

/// Labels as [batch, width], or [batch] of a width of 1.
template <class Labels, int Width>
constexpr void check_labels_shape() {
  constexpr dims shape = Labels::shape_type::value;
  constexpr bool fits =
      (shape.rank == 1 && Width == 1) || (shape.rank == 2 && (shape.extent[1] < 0 || shape.extent[1] == Width));
  if constexpr (!fits)
    static_cast<void>(sizeof(labels_must_be_of_shape_batch_or_batch_and_dimension<typename Labels::shape_type, Width>));
}
[[noreturn]] [[gnu::cold]] [[gnu::noinline]] inline void refuse_label_width(i64 expected, i64 received) {
  raise<errors::InvalidArgumentError>(
      "Mismatched label shape. Expected labels dimension=%lld. Received %lld. Suggested Fix: if your classifier "
      "expects one-hot encoding label, check your n_classes argument to the estimator and/or the shape of your label. "
      "Otherwise, check the shape of your label.",
      static_cast<long long>(expected), static_cast<long long>(received));
}
/// The labels of a batch, as numbers in a row.
template <class Labels>
auto const* label_values(Labels const& labels, i64 width) {
  if constexpr (std::tuple_size_v<typename Labels::shape_type> > 1)
    if (static_cast<i64>(labels.shape()[1]) != width) refuse_label_width(width, static_cast<i64>(labels.shape()[1]));
  return labels.data();
}

/// Measures by counting the logits of each batch.
template <class Count, class Logits>
struct head_metric {
  static constexpr bool is_metric = true, has_variables = false;
  Logits logits;

  auto const& fetches() const { return logits; }
  struct counter {
    Count count{};
    template <class Batch, class Values>
    void add(double loss, Batch const& batch, Values const& values) {
      auto const& labels = std::get<std::tuple_size_v<Batch> - 1>(batch);
      auto const rows = static_cast<i64>(values.shape()[0]), width = static_cast<i64>(values.shape()[1]);
      count.add(loss, values.data(), rows, width, labels.data());
    }
    void finish(evaluation& to) const { count.finish(to); }
  };
  counter start() const { return {}; }
};

/// Two classes: the loss is the sum of sigmoid cross entropies.
struct binary_head {
  static constexpr int logits_dimension = 1;
  using count = binary_count;
  struct loss {
    constexpr auto operator()(auto y_true, auto scores) const {
      auto const y = reshape(cast(y_true, dtype::float32), {-1, 1});
      return reduce_sum(nn::sigmoid_cross_entropy_with_logits(tfx::labels = y, tfx::logits = scores));
    }
  };
  struct predicted {
    constexpr auto operator()(auto scores) const {
      auto const of_both = concat(axis<1>, zeros_like(scores), scores);
      return std::tuple{sigmoid(scores), nn::softmax(of_both), expand_dims(argmax(of_both, axis<1>), axis<1>)};
    }
  };
  template <class Logits>
  static auto predictions(Logits const& logits) {
    auto const [logistic, probabilities, class_ids] = composition<predicted>(logits);
    return estimator::predictions(prediction<"logits">(logits), prediction<"logistic">(logistic),
                                  prediction<"probabilities">(probabilities), prediction<"class_ids">(class_ids));
  }
};
/// N classes: the loss is the sum of softmax cross entropies.
template <int N>
struct multi_class_head {
  static constexpr int logits_dimension = N;
  using count = class_count;
  struct loss {
    constexpr auto operator()(auto y_true, auto scores) const {
      auto const y = reshape(cast(y_true, dtype::int64), {-1});
      return reduce_sum(nn::sparse_softmax_cross_entropy_with_logits(tfx::labels = y, tfx::logits = scores));
    }
  };
  struct predicted {
    constexpr auto operator()(auto scores) const {
      return std::tuple{nn::softmax(scores), expand_dims(argmax(scores, axis<1>), axis<1>)};
    }
  };
  template <class Logits>
  static auto predictions(Logits const& logits) {
    auto const [probabilities, class_ids] = composition<predicted>(logits);
    return estimator::predictions(prediction<"logits">(logits), prediction<"probabilities">(probabilities),
                                  prediction<"class_ids">(class_ids));
  }
};
template <int N>
struct class_head : multi_class_head<N> {};
template <>
struct class_head<2> : binary_head {};
/// Classes from 0 to N − 1.
template <int N>
struct classifier_head : class_head<N> {
  static constexpr bool regresses = false;
  template <class Labels>
  static constexpr void check_labels() {
    using T = typename Labels::value_type;
    check_labels_shape<Labels, 1>();
    if constexpr (!(std::is_integral_v<T> || (N == 2 && std::is_floating_point_v<T>)))
      static_cast<void>(sizeof(labels_of_classes_must_be_whole_numbers<T>));
  }
  template <class Labels>
  static void check_values(Labels const& labels) {
    auto const* const value = label_values(labels, 1);
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (!(value[i] >= 0)) raise<errors::InvalidArgumentError>("Labels must be >= 0");
      if (!(value[i] <= N - 1))
        raise<errors::InvalidArgumentError>("Labels must be <= n_classes - 1, which is %d: %g", N - 1,
                                            static_cast<double>(value[i]));
    }
  }
};
/// N numbers: the loss is the sum of squared differences.
template <int N>
struct regression_head {
  static constexpr bool regresses = true;
  static constexpr int logits_dimension = N;
  using count = value_count;
  struct loss {
    constexpr auto operator()(auto y_true, auto scores) const {
      return reduce_sum(squared_difference(reshape(cast(y_true, dtype::float32), {-1, N}), scores));
    }
  };
  template <class Logits>
  static auto predictions(Logits const& logits) {
    return estimator::predictions(prediction<"predictions">(logits));
  }
  template <class Labels>
  static constexpr void check_labels() {
    using T = typename Labels::value_type;
    check_labels_shape<Labels, N>();
    if constexpr (!std::is_arithmetic_v<T>) static_cast<void>(sizeof(labels_of_a_regressor_must_be_numbers<T>));
  }
  template <class Labels>
  static void check_values(Labels const& labels) {
    label_values(labels, N);
  }
};

}  // namespace detail

}  // namespace estimator
TFX_END
