// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/reshape.hpp>
#include <tfx/shape/axes.hpp>

TFX_BEGIN

/// x with one more axis, of extent 1. Word: its place in the result. Gradient: dy in the old shape.
struct expand_dims_op {
  static constexpr auto name = "ExpandDims";
  static constexpr op_kind kind = op_kind::view;
  static constexpr bool multilinear = true;
  static constexpr int inputs = 1;

  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    if (call.defer()) return;
    dims const& x = call.shapes[0];
    i64 const at = call.words[0] < 0 ? call.words[0] + x.rank + 1 : call.words[0];
    if (at < 0 || at > x.rank || x.rank == max_rank) return call.refuse(refusal_kind::axis, x, {}, call.words[0]);
    for (int i = 0; i <= x.rank; ++i) call.shape.push_back(i == at ? 1 : x[i < at ? i : i - 1]);
  }
  static constexpr void gradient(auto& call) { call.dx[0] = reshape(call.dy, call.x(0).shape()); }
};

/// x with an axis of extent 1 at `axis<…>`: `expand_dims(x, axis<1>)` makes a column of a vector.
template <name Name = "", typed_expression X, int A>
constexpr result_with<expand_dims_op, Name, words<A>, X> expand_dims(X const& x, axes_t<A>) {
  return apply<expand_dims_op, Name, words<A>>(x);
}
constexpr handle expand_dims(auto x, int at) {
  i64 const attributes[] = {at};
  return add_node(info<expand_dims_op>, attributes, 1, x);
}

TFX_END
