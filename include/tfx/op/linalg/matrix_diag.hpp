// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/reshape.hpp>
#include <tfx/op/array/slice.hpp>
#include <tfx/op/linalg/matrices.hpp>
#include <tfx/op/math/equal.hpp>

TFX_BEGIN

/// Matrices with the last axis of x as their diagonals, of zeros elsewhere. Loops make them where they need them.
/// Gradient: the diagonals of dy.
struct matrix_diag_op {
  static constexpr auto name = "MatrixDiag";
  static constexpr op_kind kind = op_kind::composed;
  static constexpr op_traits traits{.multilinear = true, .simplifies = true, .first_extent = 1};
  struct attributes {
    bool tells_matrix;
    i64 rows, columns;  // at least as many as x has elements
    constexpr explicit attributes(attribute_words w)
        : tells_matrix(w[0] != 0), rows(tells_matrix ? w[1] : 0), columns(tells_matrix ? w[2] : 0) {}
  };

  static constexpr void infer(inference& call) {
    number_or_bool(call, call.types[0]);
    call.type = call.types[0];
    if (call.failed() || call.defer()) return;
    dims const& x = call.shapes[0];
    if (x.rank < 1 || x.rank == max_rank) return call.refuse(refusal_kind::rank, x);
    attributes const of(call.attributes());
    call.shape = x;
    call.shape[x.rank - 1] = of.tells_matrix ? of.rows : x[x.rank - 1];
    call.shape.push_back(of.tells_matrix ? of.columns : x[x.rank - 1]);
  }
  static constexpr void gradient(auto& call);
  static constexpr void simplify(auto& call) {
    auto x = call.x(0);
    dims const to = call.self.shape;
    int const row = to.rank - 2, column = to.rank - 1;
    i64 const rows = to[row], columns = to[column], n = call.graph->symbols.resolve(x.shape()[row]);
    dims at = x.shape();
    if (n != rows && n != columns) {
      at[row] = rows;
      x = pad(x, dims{at.rank, {}}, at);
    }
    bool const along = n != rows && n == columns;  // the row of a matrix, else its column
    at.push_back(at[row]);
    at[along ? row : column] = 1;
    bool const small = rows >= 0 && rows <= 0x7fffffff && columns >= 0 && columns <= 0x7fffffff;
    dtype const index = small ? dtype::int32 : dtype::int64;
    auto const diagonal =
        apply<equal_op>(range(call.graph, index, {2, {rows, 1}}), range(call.graph, index, {1, {columns}}));
    call.result = where(broadcast_to(diagonal, to), reshape(x, at), scalar_like(x, 0.0)).id;
  }
};

/// The diagonals of matrices: of [.., m, n] the first min(m, n) elements. Gradient: matrices with dy as their
/// diagonals.
struct matrix_diag_part_op {
  static constexpr auto name = "MatrixDiagPart";
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr op_traits traits{.multilinear = true};

  static constexpr void infer(inference& call) {
    any_value(call, call.types[0]);
    call.type = call.types[0];
    if (call.failed() || call.defer()) return;
    dims const& x = call.shapes[0];
    if (x.rank < 2) return call.refuse(refusal_kind::rank, x);
    for (int i = 0; i < x.rank - 2; ++i) call.shape.push_back(x[i]);
    i64 const rows = x[x.rank - 2], columns = x[x.rank - 1];
    call.shape.push_back(rows == columns ? rows : call.derived(extent_rule::smaller, rows, columns));
  }
  static constexpr void gradient(auto& call) {
    dims const x = call.x(0).shape();
    i64 const words[] = {1, x[x.rank - 2], x[x.rank - 1]};
    call.dx[0] = add_node<matrix_diag_op>(words, 3, call.dy);
  }

  template <class Call>
  static void run(Call const& call) {
    constexpr dims x = Call::in_shape(0);
    i64 const batch = call.count(x, 0, x.rank - 2), rows = call.extent(x[x.rank - 2]),
              columns = call.extent(x[x.rank - 1]), n = rows < columns ? rows : columns;
    auto const* const from = call.template in<0>();
    auto* const to = call.out();
    for (i64 i = 0; i < batch; ++i)
      for (i64 k = 0; k < n; ++k) to[i * n + k] = from[(i * rows + k) * columns + k];
  }
};
constexpr void matrix_diag_op::gradient(auto& call) { call.dx[0] = add_node<matrix_diag_part_op>(nullptr, 0, call.dy); }

/// Square matrices with x as their diagonals: `matrix_diag(constant({1, 2}))` is [[1, 0], [0, 2]]; of [.., n] they are
/// [.., n, n].
template <name Name = "", expression X>
constexpr result_with<matrix_diag_op, Name, words<0>, X> matrix_diag(X const& x) {
  return apply<matrix_diag_op, Name, words<0>>(x);
}

TFX_END
