// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/reshape.hpp>
#include <tfx/shape/axes.hpp>

TFX_BEGIN

/// x with one more axis, of extent 1. Gradient: dy in the old shape.
struct expand_dims_op {
  static constexpr auto name = "ExpandDims";
  static constexpr op_kind kind = op_kind::view;
  static constexpr op_traits traits{.multilinear = true, .simplifies = true};
  struct attributes {
    i64 axis;  // in the result
    constexpr explicit attributes(attribute_words w) : axis(w[0]) {}
  };

  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    if (call.defer()) return;
    dims const& x = call.shapes[0];
    int const at = call.new_axis_of(x, attributes(call.attributes()).axis);
    if (at == no_axis) return;
    for (int i = 0; i <= x.rank; ++i) call.shape.push_back(i == at ? 1 : x[i < at ? i : i - 1]);
  }
  static constexpr void simplify(simplification& call) { simplify_view(call); }
  static constexpr void gradient(auto& call) { call.dx[0] = reshape(call.dy, call.x(0).shape()); }
};

/// x with an axis of extent 1 at `axis<…>`: `expand_dims(x, axis<1>)` makes a column of a vector.
template <name Name = "", expression X, int A>
constexpr result_with<expand_dims_op, Name, words<A>, X> expand_dims(X const& x, axes_t<A>) {
  return apply<expand_dims_op, Name, words<A>>(x);
}
constexpr handle expand_dims(auto x, int at) {
  i64 const attributes[] = {at};
  return add_node(info<expand_dims_op>, attributes, 1, x);
}

TFX_END
