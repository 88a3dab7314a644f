// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/raise.hpp>
#include <tfx/kernel/described.hpp>
#include <tfx/kernel/lu.hpp>
#include <tfx/op/linalg/matrices.hpp>

TFX_BEGIN

/// op(A)⁻¹ B, with op the adjoint or nothing. Gradient, of X: dB = op(A)⁻ᴴ dX and dA = −dB Xᴴ, or its transpose
/// (TensorFlow's _MatrixSolveGrad).
struct matrix_solve_op : square_matrix_op {
  static constexpr auto name = "MatrixSolve";
  static constexpr op_traits traits{
      .may_fail = true, .has_scratch = true, .mismatch = "Input matrix %s and rhs %s are incompatible."};

  static constexpr void infer(inference& call) { infer_solution(call); }
  static constexpr void gradient(auto& call) {
    bool const adjoint = attributes(call.attributes()).adjoint;
    auto const x = call.y();
    auto const db = solve(call.x(0), call.dy, !adjoint);
    call.dx[0] = -(adjoint ? detail::product(x, db, false, true) : detail::product(db, x, false, true));
    call.dx[1] = db;
  }
  // op(A) X = B, so that op(A) X' = B' − op(A') X.
  static constexpr void tangent(auto& call) {
    bool const adjoint = attributes(call.attributes()).adjoint;
    auto moved = call.dx[1];
    if (call.dx[0]) {
      auto const by = -detail::product(call.dx[0], call.y(), adjoint, false);
      moved = moved ? moved + by : by;
    }
    call.tangent = solve(call.x(0), moved, adjoint);
  }
  static constexpr handle solve(auto a, auto b, bool adjoint) {
    i64 const words[] = {adjoint};
    return add_node<matrix_solve_op>(words, 1, a, b);
  }

  static constexpr void scratch(scratch_request& call) { add_factors(call); }
  template <class Call>
  static void run(Call const& call) {
    constexpr bool adjoint = attributes(Call::attributes()).adjoint;
    constexpr dims b = Call::in_shape(1);
    i64 const n = call.extent(b[b.rank - 2]), columns = call.extent(b[b.rank - 1]);
    auto* const lu = call.template scratch<0>();
    i64* const pivots = call.template scratch<1>();
    detail::for_each_matrix(call, [&](i64 i) {
      auto* const x = call.out() + i * n * columns;
      kernel::copy_square<adjoint>(call.template in<0>() + i * n * n, lu, n);
      if (!kernel::factor_lu(lu, n, pivots))
        raise<errors::InvalidArgumentError>("matrix_solve: Input matrix is not invertible.");
      std::copy_n(call.template in<1>() + i * n * columns, n * columns, x);
      kernel::solve_lu(lu, pivots, x, n, columns);
    });
  }
};

/// X with A X = B, where A is `matrix` [.., n, n], with `adjoint` its adjoint, and B `rhs` [.., n, k], by LU
/// factorisation with partial pivoting. A singular A ends the run with an InvalidArgumentError.
template <name Name = "", expression A, expression B>
constexpr result_with<matrix_solve_op, Name, words<0>, A, B> matrix_solve(A const& matrix, B const& rhs) {
  return apply<matrix_solve_op, Name, words<0>>(matrix, rhs);
}
template <name Name = "", expression A, expression B>
constexpr result_with<matrix_solve_op, Name, words<1>, A, B> matrix_solve(A const& matrix, B const& rhs, adjoint_t) {
  return apply<matrix_solve_op, Name, words<1>>(matrix, rhs);
}

TFX_END
