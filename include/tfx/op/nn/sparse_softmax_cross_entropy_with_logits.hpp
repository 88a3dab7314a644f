// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/raise.hpp>
#include <tfx/op/nn/softmax_cross_entropy_with_logits.hpp>

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

/// −log_softmax(logits) at each row's label, a whole number, which stands for a row of labels with a one there.
struct sparse_softmax_cross_entropy_with_logits_op : cross_entropy_op {
  static constexpr auto name = "SparseSoftmaxCrossEntropyWithLogits";
  static constexpr op_traits traits{.may_fail = true, .has_outputs = true};

  static constexpr void infer(inference& call) {
    call.outputs = 2;
    only_floating(call, call.types[0]);
    if (call.types[1] != dtype::int32 && call.types[1] != dtype::int64)
      call.refuse_types(refusal_kind::dtype_mismatch, call.types[1], dtype::int64);
    call.type = call.types[0];
    if (call.failed() || call.defer()) return;
    dims const& x = call.shapes[0];
    dims const& y = call.shapes[1];
    if (x.rank != y.rank + 1) return call.refuse(refusal_kind::rank, x, y);
    for (int i = 0; i < y.rank; ++i) call.shape.push_back(call.agree(x[i], y[i], x, y));
    if (call.output == backprop) call.shape.push_back(x[y.rank]);
  }

  template <class Call>
  static void run(Call const& call) {
    i64 const count = rows(call), classes = row_length(call);
    auto const* labels = call.template in<1>();
    detail::check_labels(labels, count, classes);
    kernel::sparse_softmax_cross_entropy<typename Call::out_type, columns<Call>>(
        call.template in<0>(), labels, memory<loss>(call), memory<backprop>(call), count, classes);
  }
};

namespace nn {
/// The cross entropy of each row of logits against the row's class:
/// `sparse_softmax_cross_entropy_with_logits(labels = classes, logits = z)`.
template <name Name = "", class Labels, class Logits>
constexpr auto sparse_softmax_cross_entropy_with_logits(labels_t<Labels> const& y, logits_t<Logits> const& z)
    -> output_with<sparse_softmax_cross_entropy_with_logits_op, Name, 0, Logits, Labels> {
  return apply_output<sparse_softmax_cross_entropy_with_logits_op, Name, 0>(z.value, y.value);
}
template <name Name = "", class Labels, class Logits>
constexpr auto sparse_softmax_cross_entropy_with_logits(logits_t<Logits> const& z, labels_t<Labels> const& y)
    -> output_with<sparse_softmax_cross_entropy_with_logits_op, Name, 0, Logits, Labels> {
  return apply_output<sparse_softmax_cross_entropy_with_logits_op, Name, 0>(z.value, y.value);
}
}  // namespace nn

TFX_END
