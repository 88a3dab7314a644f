// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/function.hpp>
#include <tfx/kernel/copy_box.hpp>
#include <tfx/kernel/described.hpp>
#include <tfx/kernel/transpose.hpp>
#include <tfx/op/math/add.hpp>
#include <tfx/shape/axes.hpp>

TFX_BEGIN

/// The axes in another order. Gradient: dy in the inverse order.
struct transpose_op {
  static constexpr auto name = "Transpose";
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr op_traits traits{.multilinear = true, .simplifies = true};
  struct attributes {
    dims order;  // none reverses the axes
    constexpr explicit attributes(attribute_words w) : order(w.list()) {}
    /// The axis of x, of `rank`, that becomes axis i of the result.
    constexpr int axis(int i, int rank) const { return order.rank == 0 ? rank - 1 - i : place_of_axis(order[i], rank); }
  };
  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    if (call.defer()) return;
    dims const& x = call.shapes[0];
    attributes const to(call.attributes());
    if (to.order.rank != 0 && to.order.rank != x.rank)
      return call.refuse(refusal_kind::axis, x, {}, call.attributes().count);
    unsigned seen = 0;
    for (int i = 0; i < x.rank; ++i) {
      int const axis = to.axis(i, x.rank);
      if (axis == no_axis || (seen >> axis & 1u)) return call.refuse(refusal_kind::axis, x, {}, to.order[i]);
      seen |= 1u << axis;
      call.shape.push_back(x[axis]);
    }
  }
  static constexpr void gradient(gradient_call& call) {
    int const rank = call.x(0).rank();
    attributes const to(call.attributes());
    i64 inverse[max_rank] = {};
    for (int i = 0; i < rank; ++i) inverse[to.axis(i, rank)] = i;
    call.dx[0] = add_node(info<transpose_op>, inverse, rank, call.dy);
  }
  static constexpr void simplify(simplification& call) {
    // One spelling of each order; orders that undo each other vanish.
    int const rank = call.self.shape.rank;
    i64 order[max_rank] = {};
    bool identity = true;
    handle x = call.x(0);
    attributes const to(call.attributes());
    bool const twice = is<transpose_op>(x.get().op);
    for (int i = 0; i < rank; ++i) {
      int axis = to.axis(i, rank);
      if (twice) axis = attributes(x.attributes()).axis(axis, rank);
      order[i] = axis;
      identity = identity && axis == i;
    }
    if (twice) x.id = x.graph->input(x.get(), 0);
    call.result = identity ? x.id : x.graph->add(info<transpose_op>, &x.id, 1, order, rank);
  }
  template <class Call>
  static void run(Call const& call) {
    constexpr int rank = Call::in_shape(0).rank;
    constexpr attributes to(Call::attributes());
    i64 extents[rank + 1], strides[rank + 1], in_stride[rank + 1];
    i64 stride = 1;
    for (int i = rank - 1; i >= 0; --i) {
      in_stride[i] = stride;
      stride *= call.extent(Call::in_shape(0)[i]);
    }
    for (int i = 0; i < rank; ++i) {
      int const axis = to.axis(i, rank);
      extents[i] = call.extent(Call::in_shape(0)[axis]);
      strides[i] = in_stride[axis];
    }
    if constexpr (std::is_same_v<typename Call::out_type, std::string>) {
      i64 out_stride[rank + 1];
      kernel::row_major_strides(extents, rank, out_stride);
      kernel::copy_box(call.template in<0>(), strides, call.out(), out_stride, extents, rank);
    } else {
      kernel::permute(call.template in<0>(), call.out(), rank, extents, strides);
    }
  }
};

/// x with its axes in the order `axes<…>`, or reversed: `transpose(x)`, `transpose(x, axes<0, 2, 1>)`.
template <name Name = "", expression X, int... A>
constexpr result_with<transpose_op, Name, words<A...>, X> transpose(X const& x, axes_t<A...> = {}) {
  return apply<transpose_op, Name, words<A...>>(x);
}
/// Inside functions over handles, in an order that may be computed: `transpose(x, {1, 0})`.
template <untyped X, class Op = transpose_op>
constexpr X transpose(X const& x, extents order) {
  return detail::add_value(info<Op>, {}, order.value.extent, order.value.rank, x);
}

TFX_END
