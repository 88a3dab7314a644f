// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/reshape.hpp>
#include <tfx/op/array/transpose.hpp>
#include <tfx/op/math/matmul.hpp>
#include <tfx/op/math/multiply.hpp>
#include <tfx/op/math/reduce_sum.hpp>

TFX_BEGIN

/// The sums of products of two batches along one axis of each, element by element of the batch. Words: the two axes.
/// Gradient: the products of dy with the other one.
struct batch_dot_op {
  static constexpr auto name = "BatchDot";
  static constexpr op_kind kind = op_kind::composed;
  static constexpr op_traits traits{
      .multilinear = true, .simplifies = true, .mismatch = "batch_dot: batches or summed axes disagree: %s vs. %s"};
  struct attributes {
    i64 axis[2];
    constexpr explicit attributes(attribute_words w) : axis{w[0], w[1]} {}
  };

  static constexpr void infer(inference& call) {
    if (call.types[0] != call.types[1])
      return call.refuse_types(refusal_kind::dtype_mismatch, call.types[0], call.types[1]);
    number_or_complex(call, call.types[0]);
    call.type = call.types[0];
    if (call.failed() || call.defer()) return;
    attributes const along(call.attributes());
    dims const &x = call.shapes[0], &y = call.shapes[1];
    if (x.rank < 2 || y.rank < 2 || x.rank + y.rank - 3 > max_rank) return call.refuse(refusal_kind::rank, x, y);
    int axis[2];
    for (int i = 0; i < 2; ++i) {
      axis[i] = call.axis_of(call.shapes[i], along.axis[i]);
      if (axis[i] == 0) call.refuse(refusal_kind::axis, call.shapes[i], {}, along.axis[i]);  // of the batch
      if (call.failed()) return;
    }
    call.shape.push_back(call.agree(x[0], y[0], x, y));
    call.agree(x[axis[0]], y[axis[1]], x, y);
    for (int side = 0; side < 2; ++side)
      for (int i = 1; i < call.shapes[side].rank; ++i)
        if (i != axis[side]) call.shape.push_back(call.shapes[side][i]);
    if (call.shape.rank == 1) call.shape.push_back(1);
  }
  static constexpr void gradient(auto& call) {
    auto const x = call.x(0), y = call.x(1), dy = call.dy;
    attributes const along(call.attributes());
    if (x.rank() == 2 && y.rank() == 2) {
      call.dx[0] = dy * y;
      call.dx[1] = dy * x;
      return;
    }
    handle const rows = matrices(x, along.axis[0]), columns = matrices(y, along.axis[1]);
    handle const of_matrices = reshape(handle(dy), dims{3, {rows.shape()[0], rows.shape()[1], columns.shape()[1]}});
    call.dx[0] = restored(matmul_op::product(of_matrices, columns, false, false), x.shape(), along.axis[0]);
    call.dx[1] = restored(matmul_op::product(of_matrices, rows, true, false), y.shape(), along.axis[1]);
  }
  static constexpr void simplify(auto& call) {
    auto const x = call.x(0), y = call.x(1);
    attributes const along(call.attributes());
    if (x.rank() == 2 && y.rank() == 2) {
      i64 const over[] = {1, 1};
      call.result = add_node<reduce_sum_op>(over, 2, apply<multiply_op>(x, y)).id;
      return;
    }
    auto const product = matmul_op::product(matrices(x, along.axis[0]), matrices(y, along.axis[1]), false, true);
    call.result = reshape(product, call.self.shape).id;
  }

 private:
  /// x, with the axis that is summed moved behind the others.
  static constexpr auto moved(auto x, int axis, bool back) {
    int const rank = x.rank();
    i64 order[max_rank] = {};
    for (int i = 0; i < rank; ++i) {
      int const from = i == rank - 1 ? axis : i < axis ? i : i + 1;
      (back ? order[from] : order[i]) = back ? i : from;
    }
    return axis == rank - 1 ? x : add_node<transpose_op>(order, rank, x);
  }
  /// x as a batch of matrices, whose columns run along the axis: [b, …, d] as [b, m, d].
  static constexpr auto matrices(auto x, i64 axis) {
    auto const last = moved(x, place_of_axis(axis, x.rank()), false);
    dims const shape = last.shape();
    i64 rows = 1;
    for (int i = 1; i < shape.rank - 1; ++i) rows = x.graph->symbols.derived(extent_rule::multiply, rows, shape[i]);
    return reshape(last, dims{3, {shape[0], rows, shape[shape.rank - 1]}});
  }
  /// The way back, to the shape of x.
  static constexpr auto restored(auto matrices, dims const& x, i64 axis) {
    int const place = place_of_axis(axis, x.rank);
    dims last{1, {x[0]}};
    for (int i = 1; i < x.rank; ++i)
      if (i != place) last.push_back(x[i]);
    last.push_back(x[place]);
    return moved(reshape(matrices, last), place, true);
  }
};

/// The sums of products of x [b, …] and y [b, …] along an axis of each, for each element of the batch: of [b, i, d] and
/// [b, j, d] `batch_dot(x, y, axis<2>)` is [b, i, j], and of [b, d] and [b, j, d] `batch_dot(x, y, axes<1, 2>)` is
/// [b, j]. The result has the other axes of x, then those of y; of two batches of vectors it is [b, 1]. Refused: the
/// batch's axis, extents that differ. Keras: batch_dot, Dot.
template <name Name = "", expression X, expression Y, int A, int B>
constexpr result_with<batch_dot_op, Name, words<A, B>, X, Y> batch_dot(X const& x, Y const& y, axes_t<A, B>) {
  return apply<batch_dot_op, Name, words<A, B>>(x, y);
}
template <name Name = "", expression X, expression Y, int A>
constexpr result_with<batch_dot_op, Name, words<A, A>, X, Y> batch_dot(X const& x, Y const& y, axes_t<A>) {
  return apply<batch_dot_op, Name, words<A, A>>(x, y);
}

TFX_END
