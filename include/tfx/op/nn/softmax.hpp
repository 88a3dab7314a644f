// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/kernel/softmax.hpp>
#include <tfx/op/array/transpose.hpp>
#include <tfx/op/math/multiply.hpp>
#include <tfx/op/math/reduce_sum.hpp>
#include <tfx/op/math/subtract.hpp>

TFX_BEGIN

/// What ops on rows share: floating dtype, at least one axis, and rows along the last one.
struct row_op {
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr op_traits traits{};
  static constexpr void infer(inference& call) {
    only_floating(call, call.types[0]);
    call.type = call.types[0];
    if (call.failed() || call.defer()) return;
    dims const& x = call.shapes[0];
    if (x.rank < 1) return call.refuse(refusal_kind::axis, x, {}, -1);
    call.shape = x;
  }
  /// The sums of rows, as a column. `Handle` is handle: a dependent type, as in a rule that takes `auto& call`.
  template <class Handle>
  static constexpr Handle row_sum(Handle x, bool keeps_column = true) {
    i64 const attributes[] = {keeps_column, -1};
    return add_node<reduce_sum_op>(attributes, 2, x);
  }
  /// The derivative of y = softmax(x) along dy, which is its own transpose.
  template <class Handle>
  static constexpr Handle along_softmax(Handle dy, Handle y) {
    return (dy - row_sum(dy * y)) * y;
  }
  template <class Call>
  static constexpr i64 columns =
      Call::in_shape(0)[Call::in_shape(0).rank - 1] >= 0 ? Call::in_shape(0)[Call::in_shape(0).rank - 1]
                                                         : kernel::dynamic;
  template <class Call>
  static i64 rows(Call const& call) {
    return call.count(Call::in_shape(0), 0, Call::in_shape(0).rank - 1);
  }
  template <class Call>
  static i64 row_length(Call const& call) {
    return call.extent(Call::in_shape(0)[Call::in_shape(0).rank - 1]);
  }
};

/// exp(x) / Σ exp(x) over the last axis. Gradient: (dy − Σ dy · y) · y.
struct softmax_op : row_op {
  static constexpr auto name = "Softmax";
  static constexpr void gradient(auto& call) { call.dx[0] = along_softmax(call.dy, call.y()); }
  static constexpr void tangent(auto& call) { call.tangent = along_softmax(call.dx[0], call.y()); }

  template <class Call>
  static void run(Call const& call) {
    kernel::softmax<typename Call::out_type, columns<Call>>(call.template in<0>(), call.out(), rows(call),
                                                            row_length(call));
  }
};

namespace detail {
template <int Axis, int Rank, int... I>
constexpr auto swap_with_last(std::integer_sequence<int, I...>) {
  return axes_t<(I == Axis ? Rank - 1 : I == Rank - 1 ? Axis : I)...>{};
}
/// An op on rows along any axis: that axis is made the last one and back.
template <class Op, name Name, int A, untyped X>
constexpr X along_axis(X const& x) {
  int const rank = x.rank(), axis = A < 0 ? A + rank : A;
  if (axis == rank - 1 || rank < 1) return apply<Op, Name>(x);
  i64 swap[max_rank] = {};
  for (int i = 0; i < rank; ++i) swap[i] = i == axis ? rank - 1 : i == rank - 1 ? axis : i;
  X const rows = apply<Op>(add_value(info<transpose_op>, {}, swap, rank, x));
  return add_value(info<transpose_op>, Name.view(), swap, rank, rows);
}
template <class Op, name Name, int A, class X>
constexpr auto along_axis(X const& x) {
  constexpr int rank = X::shape_type::rank;
  constexpr int axis = place_of_axis(A, rank);
  if constexpr (A == -1 || axis == rank - 1 || axis == no_axis) {
    static_assert(A == -1 || rank == dims::unknown_rank || axis != no_axis, "softmax: the shape has no such axis");
    return apply<Op, Name>(x);
  } else {
    constexpr auto swap = swap_with_last<axis, rank>(std::make_integer_sequence<int, rank>{});
    return transpose<Name>(apply<Op>(transpose(x, swap)), swap);
  }
}
}  // namespace detail

namespace nn {
/// Probabilities from logits, along an axis (default: the last): `nn::softmax(logits)`.
template <name Name = "", expression X, int A = -1>
constexpr auto softmax(X const& logits, axes_t<A> = {}) {
  return detail::along_axis<softmax_op, Name, A>(logits);
}
}  // namespace nn

TFX_END
