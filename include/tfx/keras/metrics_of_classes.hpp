// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <limits>
#include <tfx/keras/losses_of_probabilities.hpp>
#include <tfx/keras/number_beside.hpp>
#include <tfx/op/array/expand_dims.hpp>
#include <tfx/op/array/ones_like.hpp>
#include <tfx/op/math/argmax.hpp>
#include <tfx/op/math/cumsum.hpp>
#include <tfx/op/math/equal.hpp>
#include <tfx/op/math/greater.hpp>
#include <tfx/op/math/is_finite.hpp>
#include <tfx/op/math/less.hpp>
#include <tfx/op/math/logical_and.hpp>
#include <tfx/op/math/reduce_all.hpp>
#include <tfx/op/math/reduce_any.hpp>
#include <tfx/op/math/reduce_max.hpp>

TFX_BEGIN

namespace keras {
// Metrics are functions of labels and a model's output that give one value for each sample, in the output's dtype. No
// derivative comes through those that count.

/// The part of a row in which x > threshold, 0.5 unless told, is what y says: `binary_accuracy(y, x)`, `(y, x, 0.7)`.
struct binary_accuracy_t : row_function<binary_accuracy_t> {
  using row_function::operator();
  template <expression Labels, expression Output, auto Site = [] {}>
  constexpr auto operator()(Labels const& y_true, Output const& y_pred, double threshold) const {
    return composition<detail::each_of<binary_accuracy_t>>(y_true, y_pred,
                                                           detail::number_beside<0, Site>(y_pred, threshold));
  }
  template <class Handle, class Threshold = double>
  static constexpr Handle each(Handle y_true, Handle y_pred, Threshold threshold = 0.5) {
    auto const [y, x] = detail::compare(y_true, y_pred);
    return detail::mean_of_row(cast(equal(y, cast(greater(x, threshold), x.type())), x.type()));
  }
};
inline constexpr binary_accuracy_t binary_accuracy{};

/// 1 where the largest of x stands in the place of the largest of y, the first among equals.
struct categorical_accuracy_t : row_function<categorical_accuracy_t> {
  template <class Handle>
  static constexpr Handle each(Handle y_true, Handle y_pred) {
    auto const [y, x] = detail::compare(y_true, y_pred);
    return cast(equal(argmax(y, axis<-1>), argmax(x, axis<-1>)), x.type());
  }
};
inline constexpr categorical_accuracy_t categorical_accuracy{};

/// 1 where the largest of x stands in the place that y says: [batch], or [batch, 1].
struct sparse_categorical_accuracy_t : row_function<sparse_categorical_accuracy_t> {
  static constexpr label_form labels = label_form::classes;
  template <class Handle>
  static constexpr Handle each(Handle y_true, Handle y_pred) {
    Handle const classes = detail::without_column(y_true, y_pred),
                 found = cast(argmax(y_pred, axis<-1>), classes.type());
    return cast(equal(apply<same_shape_op>(classes, found), found), tfx::detail::floating_type(y_pred.type()));
  }
};
inline constexpr sparse_categorical_accuracy_t sparse_categorical_accuracy{};

namespace detail {
/// Whether fewer than k of a row are larger than that of its class. No row has such a class among numbers that are not
/// finite, nor outside of the row.
template <int K, class Handle>
constexpr Handle in_top_k(Handle classes, Handle x) {
  Handle const places = cumsum(ones_like(x), axis<-1>) - 1.0;
  Handle const at = equal(places, expand_dims(cast(classes, x.type()), -1));
  Handle const own = reduce_max(where(at, x, -std::numeric_limits<double>::infinity()), axis<-1>, keepdims);
  Handle const larger = reduce_sum(cast(greater(x, own), x.type()), axis<-1>);
  Handle const told = logical_and(reduce_all(is_finite(x), axis<-1>), reduce_any(at, axis<-1>));
  return cast(logical_and(told, less(larger, static_cast<double>(K))), x.type());
}
}  // namespace detail

/// 1 where fewer than K of x are larger than that in the place of the largest of y.
template <int K>
struct top_k_categorical_accuracy_t : row_function<top_k_categorical_accuracy_t<K>> {
  static_assert(K > 0, "tfx: keras::top_k_categorical_accuracy: k is 1 or more");
  template <class Handle>
  static constexpr Handle each(Handle y_true, Handle y_pred) {
    auto const [y, x] = detail::compare(y_true, y_pred);
    return detail::in_top_k<K>(argmax(y, axis<-1>), x);
  }
};
/// `top_k_categorical_accuracy<3>(y_true, y_pred)`; 5 unless told, `top_k_categorical_accuracy<>`.
template <int K = 5>
inline constexpr top_k_categorical_accuracy_t<K> top_k_categorical_accuracy{};

/// 1 where fewer than K of x are larger than that in the place that y says.
template <int K>
struct sparse_top_k_categorical_accuracy_t : row_function<sparse_top_k_categorical_accuracy_t<K>> {
  static_assert(K > 0, "tfx: keras::sparse_top_k_categorical_accuracy: k is 1 or more");
  static constexpr label_form labels = label_form::classes;
  template <class Handle>
  static constexpr Handle each(Handle y_true, Handle y_pred) {
    Handle const x = cast(y_pred, tfx::detail::floating_type(y_pred.type()));
    Handle const classes = detail::without_column(y_true, y_pred);
    return detail::in_top_k<K>(apply<same_shape_op>(classes, argmax(x, axis<-1>)), x);
  }
};
template <int K = 5>
inline constexpr sparse_top_k_categorical_accuracy_t<K> sparse_top_k_categorical_accuracy{};

/// What `accuracy` and `crossentropy` mean beside a loss and an output.
enum class resolved : unsigned char { binary, sparse_categorical, categorical };
/// Keras' rule: binary for an output of width 1, and beside binary_crossentropy; sparse beside a loss whose labels are
/// classes; else categorical.
template <class Loss>
constexpr resolved resolve(dims const& output) {
  bool const narrow = output.rank > 0 && output[output.rank - 1] == 1;
  if constexpr (requires { Loss::is_binary_crossentropy; })
    if (Loss::is_binary_crossentropy) return resolved::binary;
  if (narrow) return resolved::binary;
  return label_form_of<Loss>() == label_form::classes ? resolved::sparse_categorical : resolved::categorical;
}

namespace detail {
/// Instead of a loss: the labels themselves tell, whole numbers without the output's last axis.
struct told_by_labels;
template <class Loss, class Handle>
constexpr resolved resolve_beside(Handle y_true, Handle y_pred) {
  if constexpr (!std::is_same_v<Loss, told_by_labels>) return resolve<Loss>(y_pred.shape());
  resolved const plain = resolve<void>(y_pred.shape());
  dims const shape = y_true.shape();
  bool const classes = shape.rank == y_pred.rank() - 1 || (shape.rank > 0 && shape[shape.rank - 1] == 1);
  return plain == resolved::categorical && classes ? resolved::sparse_categorical : plain;
}
}  // namespace detail

/// One of three functions, as `resolve` says.
template <class Loss, class Binary, class Sparse, class Categorical>
struct resolved_metric : row_function<resolved_metric<Loss, Binary, Sparse, Categorical>> {
  static constexpr label_form labels = label_form_of<Loss>();
  template <class Handle>
  static constexpr Handle each(Handle y_true, Handle y_pred) {
    resolved const how = detail::resolve_beside<Loss>(y_true, y_pred);
    if (how == resolved::binary) return Binary::each(y_true, y_pred);
    return how == resolved::categorical ? Categorical::each(y_true, y_pred) : Sparse::each(y_true, y_pred);
  }
};
template <class Binary, class Sparse, class Categorical>
struct resolving_metric : resolved_metric<detail::told_by_labels, Binary, Sparse, Categorical> {
  /// What it is in a model of this loss.
  template <class Loss>
  constexpr resolved_metric<Loss, Binary, Sparse, Categorical> beside(Loss const&) const {
    return {};
  }
};
using accuracy_t = resolving_metric<binary_accuracy_t, sparse_categorical_accuracy_t, categorical_accuracy_t>;
using crossentropy_t = resolving_metric<losses::binary_crossentropy_t, losses::sparse_categorical_crossentropy_t,
                                        losses::categorical_crossentropy_t>;
/// How often an output is right: binary, of classes or of rows, as the labels tell, or the loss of the model.
inline constexpr accuracy_t accuracy{};
inline constexpr crossentropy_t crossentropy{};

/// What a metric is in a model of this loss: `metric_beside(metric<"accuracy">, loss<"mse">)(y_true, y_pred)`. Most are
/// themselves.
template <class Metric, class Loss>
constexpr auto metric_beside(Metric const& metric, Loss const& loss) {
  if constexpr (requires { metric.beside(loss); }) {
    return metric.beside(loss);
  } else {
    return metric;
  }
}
}  // namespace keras

TFX_END
