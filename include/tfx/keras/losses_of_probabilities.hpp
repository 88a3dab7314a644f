// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/losses_contract.hpp>
#include <tfx/op/array/squeeze.hpp>
#include <tfx/op/math/divide.hpp>
#include <tfx/op/math/log.hpp>
#include <tfx/op/math/maximum.hpp>
#include <tfx/op/math/minimum.hpp>
#include <tfx/op/math/multiply.hpp>
#include <tfx/op/math/negative.hpp>
#include <tfx/op/nn/sigmoid_cross_entropy_with_logits.hpp>
#include <tfx/op/nn/softmax_cross_entropy_with_logits.hpp>
#include <tfx/op/nn/sparse_softmax_cross_entropy_with_logits.hpp>
#include <tfx/variables/regularizers.hpp>

TFX_BEGIN

namespace keras {
namespace detail {
/// What flattening leaves nothing of, between a function's argument and what computes it.
struct wrapping {
  op_info const* op;
  handle penalty;              // of regularized_op
  i64 const* words = nullptr;  // of distinct_op
};
/// What an activation `Op` computed `result` from; no handle, where another op did. Penalties that `regularized` put on
/// the result, and what tells its numbers apart, go on with what it was computed from.
template <class Op>
constexpr handle argument_of(function_graph& graph, handle result) {
  vector<wrapping> wrappings;
  handle at = result, argument;
  while (is<regularized_op>(at.get().op)) {
    wrappings.push_back({at.get().op, {&graph, graph.input(at.get(), 1)}});
    at = {&graph, graph.input(at.get(), 0)};
  }
  if (is<Op>(at.get().op)) {
    argument = {&graph, graph.input(at.get(), 0)};
  } else if (is<outside_op>(at.get().op)) {
    descriptor const* d = graph.outside[static_cast<int>(graph.word(at.get(), 0))];
    for (; d->op->transparent && !is<by_phase_op>(d->op); d = d->inputs[0]) {
      if (is<regularized_op>(d->op)) wrappings.push_back({d->op, {&graph, graph.take(*d->inputs[1])}});
      if (is<distinct_op>(d->op)) wrappings.push_back({d->op, {}, d->words});
    }
    if (is<Op>(d->op)) argument = {&graph, graph.take(*d->inputs[0])};
  }
  if (!argument) return {};
  for (i64 i = wrappings.count - 1; i >= 0; --i) {
    wrapping const& w = wrappings.items[i];
    argument = is<regularized_op>(w.op) ? add_node(*w.op, nullptr, 0, argument, w.penalty)
                                        : add_node(*w.op, w.words, 2, argument);
  }
  return argument;
}
template <class Op, class Handle>
constexpr Handle argument_of(Handle result) {
  return argument_of<Op>(*static_cast<function_graph*>(result.graph), result);
}
template <class Handle>
constexpr Handle clip(Handle x, double low, double high) {
  return maximum(minimum(x, high), low);
}
template <class Handle>
constexpr Handle clip_probability(Handle x) {
  return clip(x, epsilon, 1.0 - epsilon);
}
/// Classes beside rows of an output, [batch] or [batch, 1], as [batch].
template <class Handle>
constexpr Handle without_column(Handle classes, Handle y_pred) {
  dims const shape = classes.shape();
  bool const has_column = shape.rank > 0 && shape.rank == y_pred.rank();
  return has_column && (shape[shape.rank - 1] == 1 || shape[shape.rank - 1] < 0) ? squeeze(classes, axis<-1>) : classes;
}
}  // namespace detail

/// Losses of probabilities: y is y_true, x is y_pred. Where x is itself a softmax, or a sigmoid, they are computed from
/// what that was computed from, without the loss of digits near 0 and 1, as Keras does: feeding such an x is then
/// without effect.
namespace losses {
/// −Σ y · log x, where x is divided by its sum and clipped to [1e-7, 1 − 1e-7].
struct categorical_crossentropy_t : row_function<categorical_crossentropy_t> {
  template <class Handle>
  static constexpr Handle each(Handle y_true, Handle y_pred) {
    auto const [y, x] = detail::compare(y_true, y_pred);
    if (Handle const z = detail::argument_of<softmax_op>(y_pred))
      return nn::softmax_cross_entropy_with_logits_v2(tfx::labels = y, tfx::logits = z);
    Handle const p = detail::clip_probability(x / reduce_sum(x, axis<-1>, keepdims));
    return -reduce_sum(y * log(p), axis<-1>);
  }
};
inline constexpr categorical_crossentropy_t categorical_crossentropy{};

/// −log x at each sample's class, where x is clipped to [1e-7, 1 − 1e-7] and then divided by its sum. Classes are
/// of the shape of x without its last axis, or with 1 in its place; they are made int64, as Keras does, unless int32.
struct sparse_categorical_crossentropy_t : row_function<sparse_categorical_crossentropy_t> {
  static constexpr label_form labels = label_form::classes;
  template <class Handle>
  static constexpr Handle each(Handle y_true, Handle y_pred) {
    Handle z = detail::argument_of<softmax_op>(y_pred);
    if (!z) z = log(detail::clip_probability(y_pred));
    Handle const classes = detail::without_column(y_true, y_pred);
    return nn::sparse_softmax_cross_entropy_with_logits(
        tfx::labels = classes.type() == dtype::int32 ? classes : cast(classes, dtype::int64), tfx::logits = z);
  }
};
inline constexpr sparse_categorical_crossentropy_t sparse_categorical_crossentropy{};

/// mean (−y · log x − (1 − y) · log(1 − x)), where x is clipped to [1e-7, 1 − 1e-7].
struct binary_crossentropy_t : row_function<binary_crossentropy_t> {
  static constexpr bool is_binary_crossentropy = true;
  template <class Handle>
  static constexpr Handle each(Handle y_true, Handle y_pred) {
    auto const [y, x] = detail::compare(y_true, y_pred);
    Handle z = detail::argument_of<sigmoid_op>(y_pred);
    if (!z) {
      Handle const p = detail::clip_probability(x);
      z = log(p / (1.0 - p));
    }
    return detail::mean_of_row(nn::sigmoid_cross_entropy_with_logits(tfx::labels = y, tfx::logits = z));
  }
};
inline constexpr binary_crossentropy_t binary_crossentropy{};

/// Σ y · log(y / x), where both are clipped to [1e-7, 1].
struct kullback_leibler_divergence_t : row_function<kullback_leibler_divergence_t> {
  template <class Handle>
  static constexpr Handle each(Handle y_true, Handle y_pred) {
    auto const [labels, output] = detail::compare(y_true, y_pred);
    Handle const y = detail::clip(labels, detail::epsilon, 1.0), x = detail::clip(output, detail::epsilon, 1.0);
    return reduce_sum(y * log(y / x), axis<-1>);
  }
};
inline constexpr kullback_leibler_divergence_t kullback_leibler_divergence{};
}  // namespace losses

template <>
struct stands_for<loss_kind, named_as<"categorical_crossentropy">> : losses::categorical_crossentropy_t {};
template <>
struct stands_for<loss_kind, named_as<"sparse_categorical_crossentropy">> : losses::sparse_categorical_crossentropy_t {
};
template <>
struct stands_for<loss_kind, named_as<"binary_crossentropy">> : losses::binary_crossentropy_t {};
template <>
struct stands_for<loss_kind, named_as<"bce">> : losses::binary_crossentropy_t {};
template <>
struct stands_for<loss_kind, named_as<"BCE">> : losses::binary_crossentropy_t {};
template <>
struct stands_for<loss_kind, named_as<"kullback_leibler_divergence">> : losses::kullback_leibler_divergence_t {};
template <>
struct stands_for<loss_kind, named_as<"kld">> : losses::kullback_leibler_divergence_t {};
template <>
struct stands_for<loss_kind, named_as<"KLD">> : losses::kullback_leibler_divergence_t {};
}  // namespace keras

TFX_END
