// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/raise.hpp>
#include <tfx/kernel/described.hpp>
#include <tfx/kernel/triangular_solve.hpp>
#include <tfx/op/linalg/matrices.hpp>

TFX_BEGIN

/// The upper triangle of a matrix, in place of the lower: `matrix_triangular_solve(a, b, upper)`.
struct upper_t {};
inline constexpr upper_t upper{};

/// op(A)⁻¹ B, where A is one triangle of the first input and op the adjoint or nothing. Gradient, of X:
/// dB = op(A)⁻ᴴ dX, and of dA = −dB Xᴴ, or its transpose, the triangle (TensorFlow's _MatrixTriangularSolveGrad).
struct matrix_triangular_solve_op : square_matrix_op {
  static constexpr auto name = "MatrixTriangularSolve";
  static constexpr op_traits traits{
      .may_fail = true, .has_scratch = true, .mismatch = "Input matrix %s and rhs %s are incompatible."};
  struct attributes {
    bool lower, adjoint;
    constexpr explicit attributes(attribute_words w) : lower(w[0] != 0), adjoint(w[1] != 0) {}
  };

  static constexpr void infer(inference& call) { infer_solution(call); }
  static constexpr void gradient(auto& call) {
    auto const [lower, adjoint] = attributes(call.attributes());
    auto const x = call.y();
    auto const db = solve(call.x(0), call.dy, lower, !adjoint);
    call.dx[0] =
        detail::triangle(-(adjoint ? detail::product(x, db, false, true) : detail::product(db, x, false, true)), lower);
    call.dx[1] = db;
  }
  // op(A) X = B, so that op(A) X' = B' − op(A') X.
  static constexpr void tangent(auto& call) {
    auto const [lower, adjoint] = attributes(call.attributes());
    auto moved = call.dx[1];
    if (call.dx[0]) {
      auto const by = -detail::product(detail::triangle(call.dx[0], lower), call.y(), adjoint, false);
      moved = moved ? moved + by : by;
    }
    call.tangent = solve(call.x(0), moved, lower, adjoint);
  }
  static constexpr handle solve(auto a, auto b, bool lower, bool adjoint) {
    i64 const words[] = {lower, adjoint};
    return add_node<matrix_triangular_solve_op>(words, 2, a, b);
  }

  static constexpr void scratch(scratch_request& call) {
    dims const& a = call.shape(0);
    if (attributes(call.attributes()).adjoint) call.add(call.type(0), {2, {a[a.rank - 2], a[a.rank - 1]}});
  }
  template <class Call>
  static void run(Call const& call) {
    constexpr attributes of(Call::attributes());
    constexpr dims b = Call::in_shape(1);
    i64 const n = call.extent(b[b.rank - 2]), columns = call.extent(b[b.rank - 1]);
    detail::for_each_matrix(call, [&](i64 i) {
      auto const* a = call.template in<0>() + i * n * n;
      auto* const x = call.out() + i * n * columns;
      if (!kernel::has_full_diagonal(a, n))
        raise<errors::InvalidArgumentError>("matrix_triangular_solve: Input matrix is not invertible.");
      if constexpr (of.adjoint) {
        kernel::copy_square<true>(a, call.template scratch<0>(), n);
        a = call.template scratch<0>();
      }
      std::copy_n(call.template in<1>() + i * n * columns, n * columns, x);
      kernel::triangular_solve<of.lower != of.adjoint, false>(a, n, x, n, columns);
    });
  }
};

namespace detail {
template <class Flag>
concept triangular_flag = std::is_same_v<Flag, upper_t> || std::is_same_v<Flag, adjoint_t>;
template <triangular_flag... Flag>
using triangular_words = words<!(std::is_same_v<Flag, upper_t> || ...), (std::is_same_v<Flag, adjoint_t> || ...)>;
}  // namespace detail

/// X with A X = B, where A is the lower triangle of `matrix` [.., n, n], with `upper` the upper one, and with `adjoint`
/// its adjoint stands in A's place; B is `rhs` [.., n, k]. The other triangle is not read. A 0 in the diagonal ends the
/// run with an InvalidArgumentError: `matrix_triangular_solve(u, b, upper, adjoint)`.
template <name Name = "", expression A, expression B, detail::triangular_flag... Flag>
constexpr result_with<matrix_triangular_solve_op, Name, detail::triangular_words<Flag...>, A, B>
matrix_triangular_solve(A const& matrix, B const& rhs, Flag...) {
  return apply<matrix_triangular_solve_op, Name, detail::triangular_words<Flag...>>(matrix, rhs);
}

TFX_END
