// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/named_arguments.hpp>
#include <tfx/graph/outputs.hpp>
#include <tfx/op/array/expand_dims.hpp>
#include <tfx/op/array/stop_gradient.hpp>
#include <tfx/op/math/add.hpp>
#include <tfx/op/nn/log_softmax.hpp>

TFX_BEGIN

/// What cross entropies of rows of logits and labels share. Inputs: logits, labels. Outputs: the loss of each row, and
/// backprop = softmax(logits) − labels, which is the loss's gradient along the logits for labels that sum to 1, as in
/// TensorFlow. A run computes the one that it needs, or both at once.
struct cross_entropy_op : row_op {
  static constexpr int loss = 0, backprop = 1;

  /// dy · backprop, and what comes through backprop itself: its derivative is that of softmax.
  static constexpr void gradient(auto& call) {
    if (call.dys[loss]) call.dx[0] = expand_dims(call.dys[loss], -1) * call.output(backprop);
    if (call.dys[backprop]) add_to(call.dx[0], along_softmax(call.dys[backprop], apply<softmax_op>(call.x(0))));
  }
  static constexpr void tangent(auto& call) {
    if (!call.dx[0]) return;
    call.tangents[loss] = row_sum(call.dx[0] * call.output(backprop), false);
    call.tangents[backprop] = along_softmax(call.dx[0], apply<softmax_op>(call.x(0)));
  }

 protected:
  template <class Handle>
  static constexpr void add_to(Handle& sum, Handle term) {
    sum = sum ? sum + term : term;
  }
  /// Where an output goes to, nullptr where nothing needs it.
  template <int K, class Call>
  static auto memory(Call const& call) {
    if constexpr (Call::has_output(K)) {
      return call.template out<K>();
    } else {
      return nullptr;
    }
  }
};

/// −Σ labels · log_softmax(logits) over the last axis. Gradient along the labels: −dy · log_softmax(logits).
struct softmax_cross_entropy_with_logits_op : cross_entropy_op {
  static constexpr auto name = "SoftmaxCrossEntropyWithLogits";
  static constexpr op_traits traits{
      .has_outputs = true, .mismatch = "logits and labels must be of the same size: logits_size=%s labels_size=%s"};

  static constexpr void infer(inference& call) {
    call.outputs = 2;
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
      if (i + 1 < x.rank || call.output == backprop) call.shape.push_back(common);
    }
  }
  static constexpr void gradient(auto& call) {
    cross_entropy_op::gradient(call);
    if (call.dys[loss]) call.dx[1] = -expand_dims(call.dys[loss], -1) * apply<log_softmax_op>(call.x(0));
    if (call.dys[backprop]) add_to(call.dx[1], -call.dys[backprop]);
  }
  static constexpr void tangent(auto& call) {
    cross_entropy_op::tangent(call);
    if (!call.dx[1]) return;
    add_to(call.tangents[loss], row_sum(-call.dx[1] * apply<log_softmax_op>(call.x(0)), false));
    add_to(call.tangents[backprop], -call.dx[1]);
  }

  template <class Call>
  static void run(Call const& call) {
    kernel::softmax_cross_entropy<typename Call::out_type, columns<Call>>(call.template in<0>(), call.template in<1>(),
                                                                          memory<loss>(call), memory<backprop>(call),
                                                                          rows(call), row_length(call));
  }
};

namespace nn {
/// The cross entropy of each row of logits, as probabilities, against a row of labels, which the derivative takes for
/// constants: `softmax_cross_entropy_with_logits(labels = y, logits = z)`.
template <name Name = "", class Labels, class Logits>
constexpr auto softmax_cross_entropy_with_logits(labels_t<Labels> const& y, logits_t<Logits> const& z)
    -> output_with<softmax_cross_entropy_with_logits_op, Name, 0, Logits, result_t<stop_gradient_op, "", Labels>> {
  return apply_output<softmax_cross_entropy_with_logits_op, Name, 0>(z.value, apply<stop_gradient_op>(y.value));
}
template <name Name = "", class Labels, class Logits>
constexpr auto softmax_cross_entropy_with_logits(logits_t<Logits> const& z, labels_t<Labels> const& y)
    -> output_with<softmax_cross_entropy_with_logits_op, Name, 0, Logits, result_t<stop_gradient_op, "", Labels>> {
  return apply_output<softmax_cross_entropy_with_logits_op, Name, 0>(z.value, apply<stop_gradient_op>(y.value));
}
/// The same with a gradient along the labels too.
template <name Name = "", class Labels, class Logits>
constexpr auto softmax_cross_entropy_with_logits_v2(labels_t<Labels> const& y, logits_t<Logits> const& z)
    -> output_with<softmax_cross_entropy_with_logits_op, Name, 0, Logits, Labels> {
  return apply_output<softmax_cross_entropy_with_logits_op, Name, 0>(z.value, y.value);
}
template <name Name = "", class Labels, class Logits>
constexpr auto softmax_cross_entropy_with_logits_v2(logits_t<Logits> const& z, labels_t<Labels> const& y)
    -> output_with<softmax_cross_entropy_with_logits_op, Name, 0, Logits, Labels> {
  return apply_output<softmax_cross_entropy_with_logits_op, Name, 0>(z.value, y.value);
}
}  // namespace nn

TFX_END
