// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/raise.hpp>
#include <tfx/kernel/cholesky.hpp>
#include <tfx/kernel/described.hpp>
#include <tfx/op/linalg/matrix_triangular_solve.hpp>

TFX_BEGIN

/// L with L Lᴴ = A. Gradient: (S + Sᵀ) / 2 with S = L⁻ᵀ Φ(Lᵀ dL) L⁻¹, where Φ takes the lower triangle and half of the
/// diagonal (TensorFlow's _CholeskyGrad; I. Murray, Differentiation of the Cholesky decomposition, 2016).
struct cholesky_op : square_matrix_op {
  static constexpr auto name = "Cholesky";
  static constexpr op_traits traits{.may_fail = true, .has_scratch = true, .mismatch = detail::not_square_words};

  static constexpr void infer(inference& call) {
    if (takes_square(call)) call.shape = call.shapes[0];
  }
  static constexpr void gradient(auto& call) {
    auto const l = call.y();
    auto const left = divide_adjoint(l, detail::half_triangle(detail::product(l, call.dy, true, false)));
    auto const s = divide_adjoint(l, detail::turned(left));
    call.dx[0] = 0.5 * (s + detail::turned(s));
  }
  // L' = L Φ(L⁻¹ A' L⁻ᵀ), of the symmetric part of A'.
  static constexpr void tangent(auto& call) {
    auto const l = call.y();
    auto const moved = 0.5 * (call.dx[0] + detail::turned(call.dx[0]));
    auto const left = matrix_triangular_solve_op::solve(l, moved, true, false);
    auto const both = matrix_triangular_solve_op::solve(l, detail::turned(left), true, false);
    call.tangent = detail::product(l, detail::half_triangle(both), false, false);
  }
  /// L⁻ᵀ x.
  static constexpr handle divide_adjoint(auto l, auto x) { return matrix_triangular_solve_op::solve(l, x, true, true); }

  static constexpr void scratch(scratch_request& call) {
    dims const& a = call.shape(0);
    dims const below{2, {kernel::factor_block, a[a.rank - 1]}}, block{2, {kernel::factor_block, kernel::factor_block}};
    call.add(call.type(0), below, block);
  }
  template <class Call>
  static void run(Call const& call) {
    constexpr dims a = Call::in_shape(0);
    i64 const n = call.extent(a[a.rank - 1]);
    detail::for_each_matrix(call, [&](i64 i) {
      if (!kernel::factor_cholesky(call.template in<0>() + i * n * n, call.out() + i * n * n, n,
                                   call.template scratch<0>()))
        raise<errors::InvalidArgumentError>(
            "cholesky: Cholesky decomposition was not successful. The input might not be valid.");
    });
  }
};

/// The lower triangle L with L Lᴴ = A for each matrix A of x [.., n, n], of which the lower triangle is read. What is
/// not positive definite ends the run with an InvalidArgumentError.
template <name Name = "", expression X>
constexpr result_t<cholesky_op, Name, X> cholesky(X const& x) {
  return apply<cholesky_op, Name>(x);
}

TFX_END
