// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/splat.hpp>

TFX_BEGIN

/// What an op's `simplify` sees: the node that is about to be added, with inputs in the new graph. It leaves the id of
/// what may stand in its place in `result`.
struct simplification {
  struct graph* graph = nullptr;
  node self;
  vector<int> inputs;
  vector<i64> words;
  int result = -1;

  constexpr handle x(int i) const { return {graph, inputs[i]}; }
  constexpr attribute_words attributes() const { return {words.begin(), words.size()}; }
  constexpr bool is_splat(int i) const { return tfx::is<splat_op>(x(i).get().op); }
  /// Input i is this number everywhere (floating dtypes: bit for bit, so that -0 is not 0).
  constexpr bool is(int i, double value) const {
    if (!is_splat(i)) return false;
    return splat_op::attributes(x(i).attributes()).bits == splat_bits(value, x(i).type());
  }
  /// Where input i is one number everywhere, replaces the node by that number in the node's shape.
  constexpr void spread(int i) {
    if (!is_splat(i)) return;
    i64 attributes[2 + max_rank] = {splat_op::attributes(x(i).attributes()).bits, static_cast<i64>(self.type)};
    for (int k = 0; k < self.shape.rank; ++k) attributes[2 + k] = self.shape[k];
    result = graph->add(info<splat_op>, nullptr, 0, attributes, 2 + self.shape.rank);
  }
  /// Replaces the node by input i where that has the node's shape already.
  constexpr void keep(int i) {
    if (x(i).shape() == self.shape) result = inputs[i];
  }
};

namespace detail {
// Floating constants of moderate size only: no product or quotient of them can overflow, and a float result computed in
// double and rounded once is the float result.
constexpr bool folds(double x) {
  double const size = x < 0 ? -x : x;
  return size == 0 ? std::bit_cast<u64>(x) == 0 : size > 1e-18 && size < 1e18;
}
template <class Op>
constexpr void fold_constants(simplification& call) {
  if (!is_floating(call.self.type)) return;
  double x[2] = {};
  for (int i = 0; i < Op::inputs; ++i) {
    if (!call.is_splat(i)) return;
    x[i] = from_splat_bits<double>(splat_op::attributes(call.x(i).attributes()).bits);
    if (!folds(x[i])) return;
  }
  double result = 0;
  if constexpr (Op::inputs == 1) {
    result = Op::value(x[0]);
  } else {
    if constexpr (requires { Op::can_fold(call); })
      if (!Op::can_fold(call)) return;
    result = Op::value(x[0], x[1]);
  }
  if (call.self.type == dtype::float32) result = static_cast<float>(result);
  i64 attributes[2 + max_rank] = {splat_bits(result), static_cast<i64>(call.self.type)};
  for (int i = 0; i < call.self.shape.rank; ++i) attributes[2 + i] = call.self.shape[i];
  call.result = call.graph->add(info<splat_op>, nullptr, 0, attributes, 2 + call.self.shape.rank);
}
template <class Op>
constexpr void simplify_with(simplification& call) {
  if constexpr (Op::traits.foldable) fold_constants<Op>(call);
  if constexpr (Op::traits.simplifies)
    if (call.result < 0) Op::simplify(call);
}
}  // namespace detail

TFX_END
