// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>
#include <tfx/base/raise.hpp>
#include <tfx/op/one_hot.hpp>
#include <tfx/op/softmax_cross_entropy_with_logits.hpp>

TFX_BEGIN

namespace detail {
template <class Label>
[[noreturn]] [[gnu::cold]] [[gnu::noinline]] void refuse_label(Label const* labels, i64 count, i64 at, i64 classes) {
  std::string text = "Received a label value of " + std::to_string(labels[at]) +
                     " which is outside the valid range of [0, " + std::to_string(classes) + ").  Label values:";
  for (i64 i = 0; i < count; ++i) text += " " + std::to_string(labels[i]);
  raise<errors::InvalidArgumentError>("%s", text.c_str());
}
template <class Label>
void check_labels(Label const* labels, i64 count, i64 classes) {
  for (i64 i = 0; i < count; ++i)
    if (static_cast<i64>(labels[i]) < 0 || static_cast<i64>(labels[i]) >= classes)
      refuse_label(labels, count, i, classes);
}
}  // namespace detail

/// Labels as rows of zeros with a one, each label a class: the gradient refuses what the value refuses.
struct label_rows_op : one_hot_op {
  static constexpr auto name = "LabelRows";
  static constexpr op_traits traits{.may_fail = true, .first_extent = 2};

  template <class Call>
  static void run(Call const& call) {
    detail::check_labels(call.template in<0>(), call.count(Call::in_shape(0)),
                         call.extent(attributes(Call::attributes()).depth));
    one_hot_op::run(call);
  }
};

/// −log_softmax(logits) at each row's label, a whole number. Inputs: logits, labels. Gradient:
/// dy · (softmax(logits) − one_hot(labels)) along the logits.
struct sparse_softmax_cross_entropy_with_logits_op : row_op {
  static constexpr auto name = "SparseSoftmaxCrossEntropyWithLogits";
  static constexpr op_traits traits{.may_fail = true};

  static constexpr void infer(inference& call) {
    only_floating(call, call.types[0]);
    if (call.types[1] != dtype::int32 && call.types[1] != dtype::int64)
      call.refuse_types(refusal_kind::dtype_mismatch, call.types[1], dtype::int64);
    call.type = call.types[0];
    if (call.failed() || call.defer()) return;
    dims const& x = call.shapes[0];
    dims const& y = call.shapes[1];
    if (x.rank != y.rank + 1) return call.refuse(refusal_kind::rank, x, y);
    for (int i = 0; i < y.rank; ++i) call.shape.push_back(call.agree(x[i], y[i], x, y));
  }
  /// softmax(logits) − one_hot(labels).
  static constexpr handle slope(auto const& call) {
    handle const x = call.x(0);
    i64 const attributes[] = {static_cast<i64>(x.type()), -1, x.shape()[x.rank() - 1]};
    return apply<softmax_op>(x) - add_node(info<label_rows_op>, attributes, 3, call.x(1));
  }
  static constexpr void gradient(auto& call) { call.dx[0] = expand_dims(call.dy, -1) * slope(call); }
  static constexpr void tangent(auto& call) {
    if (!call.dx[0]) return;
    i64 const attributes[] = {0, -1};
    call.tangent = add_node(info<reduce_sum_op>, attributes, 2, call.dx[0] * slope(call));
  }

  template <class Call>
  static void run(Call const& call) {
    using T = typename Call::out_type;
    T const* row = call.template in<0>();
    auto const* classes = call.template in<1>();
    i64 const count = rows(call), n = row_length(call);
    detail::check_labels(classes, count, n);
    for (i64 i = 0; i < count; ++i, row += n) {
      auto const label = static_cast<i64>(classes[i]);
      T const top = kernel::row_max<T, columns<Call>>(row, n);
      T const sum = kernel::row_sum_exp<T, columns<Call>>(row, n, kernel::full_pack<T>(top),
                                                          [](i64, i64, auto const&, auto const&) {});
      call.out()[i] = std::log(sum) - (row[label] - top);
    }
  }
};

namespace nn {
/// The cross entropy of each row of logits against the row's class:
/// `sparse_softmax_cross_entropy_with_logits(labels = classes, logits = z)`.
template <name Name = "", class Labels, class Logits>
constexpr auto sparse_softmax_cross_entropy_with_logits(labels_t<Labels> const& y, logits_t<Logits> const& z)
    -> result_t<sparse_softmax_cross_entropy_with_logits_op, Name, Logits, Labels> {
  return apply<sparse_softmax_cross_entropy_with_logits_op, Name>(z.value, y.value);
}
template <name Name = "", class Labels, class Logits>
constexpr auto sparse_softmax_cross_entropy_with_logits(logits_t<Logits> const& z, labels_t<Labels> const& y)
    -> result_t<sparse_softmax_cross_entropy_with_logits_op, Name, Logits, Labels> {
  return apply<sparse_softmax_cross_entropy_with_logits_op, Name>(z.value, y.value);
}
}  // namespace nn

TFX_END
