// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/composition.hpp>
#include <tfx/op/array/range.hpp>
#include <tfx/op/array/slice.hpp>
#include <tfx/op/array/split.hpp>
#include <tfx/op/array/zeros_like.hpp>
#include <tfx/op/math/add.hpp>
#include <tfx/op/math/cast.hpp>
#include <tfx/op/math/less.hpp>
#include <tfx/op/math/matmul.hpp>
#include <tfx/op/math/reduce_sum.hpp>

TFX_BEGIN

/// [rows, columns] as [.., columns], under all axes of a second input but its last one. Other ops see a reshape.
struct rows_as_op {
  static constexpr auto name = "RowsAs";
  static constexpr op_kind kind = op_kind::composed;
  static constexpr op_traits traits{.simplifies = true};
  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    if (call.defer()) return;
    dims const& x = call.shapes[0];
    dims const& like = call.shapes[1];
    if (x.rank != 2 || like.rank < 1) return call.refuse(refusal_kind::rank, x, like);
    call.shape = like;
    call.shape[like.rank - 1] = x[1];
  }
  static constexpr void simplify(auto& call) { call.result = reshape(call.x(0), call.self.shape).id; }
  static constexpr void gradient(auto& call) { call.dx[0] = reshape(call.dy, call.x(0).shape()); }
  static constexpr void tangent(auto& call) {
    if (call.dx[0]) call.tangent = reshape(call.dx[0], call.y().shape());
  }
};

/// Whether each row still has a step: of inputs [time, batch, depth] and lengths [batch] a mask [time, batch, 1], t <
/// length. Constant to derivatives.
struct within_length_op {
  static constexpr auto name = "WithinLength";
  static constexpr op_kind kind = op_kind::composed;
  static constexpr auto gradient = constant_to_derivatives;
  static constexpr op_traits traits{
      .simplifies = true,
      .mismatch =
          "sequence_length must be a vector of length batch_size: inputs.shape=%s, time first, "
          "sequence_length.shape=%s"};
  static constexpr void infer(inference& call) {
    call.type = dtype::boolean;
    if (call.types[1] != dtype::int32 && call.types[1] != dtype::int64)
      call.refuse_types(refusal_kind::dtype_mismatch, call.types[1], dtype::int32);
    if (call.failed() || call.defer()) return;
    dims const& x = call.shapes[0];
    dims const& length = call.shapes[1];
    if (x.rank < 2 || length.rank != 1) return call.refuse(refusal_kind::rank, x, length);
    call.shape = {3, {x[0], call.agree(x[1], length[0], x, length), 1}};
  }
  static constexpr void simplify(auto& call) {
    dims const shape = call.self.shape;
    auto const length = call.x(1);
    auto const step = range(length.graph, length.type(), dims{3, {shape[0], 1, 1}});
    call.result = less(step, reshape(length, dims{3, {1, shape[1], 1}})).id;
  }
};

namespace detail {
/// x · w + b along the last axis of x, of rank 2 or more: one product for all rows. `b` may be empty.
constexpr auto project(auto x, auto w, auto b) {
  dims const shape = x.shape();
  bool const is_matrix = shape.rank == 2;
  auto y = matmul(is_matrix ? x : reshape(x, extents{dims::unknown, shape[shape.rank - 1]}), w);
  if (b) y = y + b;
  return is_matrix ? y : apply<rows_as_op>(y, x);
}
/// Rows of a matrix from `first` on.
constexpr auto rows(auto matrix, i64 first, i64 count) {
  return slice(matrix, dims{2, {first, 0}}, dims{2, {count, matrix.shape()[1]}});
}
/// N equal parts of the columns of a matrix.
template <int N>
struct column_parts {
  handle at[N];
  constexpr explicit column_parts(handle matrix) : at{} {
    i64 const words[] = {1, N};
    handle const several = add_node<split_op>(words, 2, matrix);
    for (int k = 0; k < N; ++k) at[k] = output_of(several, k);
  }
  constexpr handle operator[](int k) const { return at[k]; }
};

/// x of rank 2 or 3 projected by the upper rows of a kernel, whose lower ones are those of a state.
struct project_inputs {
  constexpr auto operator()(auto x, auto kernel, auto bias) const {
    dims const shape = x.shape();
    return project(x, rows(kernel, 0, shape[shape.rank - 1]), bias);
  }
};
/// The lower rows of a kernel.
template <int Count>
struct lower_rows {
  constexpr auto operator()(auto kernel) const { return rows(kernel, kernel.shape()[0] - Count, Count); }
};
/// Zeros, `Columns` for each row of x, [rows, depth] or [time, rows, depth]. The compiler sees no more of x than its
/// shape, but it is the ops that tell which extent the rows have.
template <int Columns>
struct zeros_for_rows {
  constexpr auto operator()(auto x) const {
    auto const each = x.rank() == 3 ? reduce_sum(x, axis<0>) : x;
    i64 const words[] = {splat_bits(0.0, each.type()), static_cast<i64>(each.type()), each.shape()[each.rank() - 1],
                         Columns};
    decltype(x) const none{each.graph, each.graph->add(info<splat_op>, nullptr, 0, words, 4)};
    return zeros_like(matmul(each, none));
  }
};
}  // namespace detail

TFX_END
