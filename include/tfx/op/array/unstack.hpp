// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/outputs.hpp>
#include <tfx/op/array/concat.hpp>
#include <tfx/op/array/expand_dims.hpp>

TFX_BEGIN

/// x in parts of one element along an axis, which they have no more. Word: the axis. Gradient: those of the parts,
/// stacked.
struct unstack_op : partition {
  static constexpr auto name = "Unpack";

  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    dims const& x = call.shapes[0];
    i64 const asked = attributes(call.attributes()).axis;
    if (!x.is_known()) return call.refuse(refusal_kind::open_extent, x, {}, asked);
    int const axis = call.axis_of(x, asked);
    if (axis == no_axis) return;
    if (x[axis] < 0) return call.refuse(refusal_kind::open_extent, x, {}, asked);
    call.outputs = static_cast<int>(x[axis]);
    for (int i = 0; i < x.rank; ++i)
      if (i != axis) call.shape.push_back(x[i]);
  }
  static constexpr void gradient(auto& call) {
    int const axis = attributes(call.attributes()).place(call.x(0).rank());
    for (int k = 0; k < call.dys.count; ++k) {
      handle const part = expand_dims(call.dys[k] ? call.dys[k] : call.output(k), axis);
      call.dys[k] = call.dys[k] ? part : fill_like(part, 0.0);
    }
    partition::gradient(call);
  }
  template <int, class Call>
  static i64 length(Call const&) {
    return 1;
  }
  template <class Call>
  static void run(Call const& call) {
    copy_parts<unstack_op>(call);
  }
};

/// The parts of x along an axis (default: the first) of static extent, as a tuple: `auto [a, b] = unstack(x, axis<1>);`
template <name Name = "", typed_expression X, int A = 0>
constexpr outputs_with<unstack_op, Name, words<A>, X> unstack(X const& x, axes_t<A> = {}) {
  return apply_outputs<unstack_op, Name, words<A>>(x);
}

TFX_END
