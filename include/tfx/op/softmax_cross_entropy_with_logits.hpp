// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/expand_dims.hpp>
#include <tfx/op/log_softmax.hpp>
#include <tfx/op/named_arguments.hpp>
#include <tfx/op/stop_gradient.hpp>

TFX_BEGIN

/// −Σ labels · log_softmax(logits) over the last axis. Inputs: logits, labels. Gradient: dy · (softmax(logits) −
/// labels), which takes rows of labels to sum to 1, and −dy · log_softmax(logits).
struct softmax_cross_entropy_with_logits_op : row_op {
  static constexpr auto name = "SoftmaxCrossEntropyWithLogits";
  static constexpr op_traits traits{.mismatch =
                                        "logits and labels must be of the same size: logits_size=%s labels_size=%s"};

  static constexpr void infer(inference& call) {
    if (call.types[0] != call.types[1])
      return call.refuse_types(refusal_kind::dtype_mismatch, call.types[0], call.types[1]);
    only_floating(call, call.types[0]);
    call.type = call.types[0];
    if (call.failed() || call.defer()) return;
    dims const& x = call.shapes[0];
    dims const& y = call.shapes[1];
    if (x.rank != y.rank) return call.refuse(refusal_kind::shape_mismatch, x, y);
    if (x.rank < 1) return call.refuse(refusal_kind::axis, x, {}, -1);
    for (int i = 0; i < x.rank; ++i) {
      i64 const common = call.agree(x[i], y[i], x, y);
      if (i + 1 < x.rank) call.shape.push_back(common);
    }
  }
  static constexpr void gradient(auto& call) {
    handle const dy = expand_dims(call.dy, -1);
    call.dx[0] = dy * (apply<softmax_op>(call.x(0)) - call.x(1));
    call.dx[1] = -dy * apply<log_softmax_op>(call.x(0));
  }
  static constexpr void tangent(auto& call) {
    handle total{};
    if (call.dx[0]) total = call.dx[0] * (apply<softmax_op>(call.x(0)) - call.x(1));
    if (call.dx[1]) {
      handle const term = -call.dx[1] * apply<log_softmax_op>(call.x(0));
      total = total ? total + term : term;
    }
    if (!total) return;
    i64 const attributes[] = {0, -1};
    call.tangent = add_node(info<reduce_sum_op>, attributes, 2, total);
  }

  template <class Call>
  static void run(Call const& call) {
    using T = typename Call::out_type;
    constexpr i64 from_labels = Call::in_shape(1)[Call::in_shape(1).rank - 1];
    kernel::softmax_cross_entropy<T, (columns<Call> >= 0 ? columns<Call>
                                      : from_labels >= 0 ? from_labels
                                                         : kernel::dynamic)>(
        call.template in<0>(), call.template in<1>(), call.out(), static_cast<T*>(nullptr), rows(call),
        row_length(call));
  }
};

namespace nn {
/// The cross entropy of each row of logits, as probabilities, against a row of labels, which the derivative takes for
/// constants: `softmax_cross_entropy_with_logits(labels = y, logits = z)`.
template <name Name = "", class Labels, class Logits>
constexpr auto softmax_cross_entropy_with_logits(labels_t<Labels> const& y, logits_t<Logits> const& z)
    -> result_t<softmax_cross_entropy_with_logits_op, Name, Logits, result_t<stop_gradient_op, "", Labels>> {
  return apply<softmax_cross_entropy_with_logits_op, Name>(z.value, apply<stop_gradient_op>(y.value));
}
template <name Name = "", class Labels, class Logits>
constexpr auto softmax_cross_entropy_with_logits(logits_t<Logits> const& z, labels_t<Labels> const& y)
    -> result_t<softmax_cross_entropy_with_logits_op, Name, Logits, result_t<stop_gradient_op, "", Labels>> {
  return apply<softmax_cross_entropy_with_logits_op, Name>(z.value, apply<stop_gradient_op>(y.value));
}
/// The same with a gradient along the labels too.
template <name Name = "", class Labels, class Logits>
constexpr auto softmax_cross_entropy_with_logits_v2(labels_t<Labels> const& y, logits_t<Logits> const& z)
    -> result_t<softmax_cross_entropy_with_logits_op, Name, Logits, Labels> {
  return apply<softmax_cross_entropy_with_logits_op, Name>(z.value, y.value);
}
template <name Name = "", class Labels, class Logits>
constexpr auto softmax_cross_entropy_with_logits_v2(logits_t<Logits> const& z, labels_t<Labels> const& y)
    -> result_t<softmax_cross_entropy_with_logits_op, Name, Logits, Labels> {
  return apply<softmax_cross_entropy_with_logits_op, Name>(z.value, y.value);
}
}  // namespace nn

TFX_END
