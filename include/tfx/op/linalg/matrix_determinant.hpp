// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/kernel/described.hpp>
#include <tfx/kernel/lu.hpp>
#include <tfx/op/array/reshape.hpp>
#include <tfx/op/linalg/matrix_inverse.hpp>
#include <tfx/op/math/reduce_sum.hpp>

TFX_BEGIN

/// The determinant, 1 of a matrix without elements. Gradient: dy · det(A) · A⁻ᴴ, so A must be invertible for it
/// (TensorFlow's _MatrixDeterminantGrad).
struct matrix_determinant_op : square_matrix_op {
  static constexpr auto name = "MatrixDeterminant";
  static constexpr op_traits traits{.has_scratch = true, .mismatch = detail::not_square_words};

  static constexpr void infer(inference& call) {
    if (!takes_square(call)) return;
    dims const& x = call.shapes[0];
    for (int i = 0; i < x.rank - 2; ++i) call.shape.push_back(x[i]);
  }
  static constexpr void gradient(auto& call) {
    call.dx[0] = beside(call.dy * call.y(), call.x(0)) * inverse_adjoint(call);
  }
  // det(A)' = det(A) · the sum of A⁻ᴴ ∘ A'.
  static constexpr void tangent(auto& call) {
    int const rank = call.x(0).rank();
    i64 const words[] = {0, rank - 2, rank - 1};
    call.tangent = call.y() * add_node<reduce_sum_op>(words, 3, inverse_adjoint(call) * call.dx[0]);
  }

  static constexpr void scratch(scratch_request& call) { add_factors(call); }
  template <class Call>
  static void run(Call const& call) {
    constexpr dims a = Call::in_shape(0);
    i64 const n = call.extent(a[a.rank - 1]);
    auto* const lu = call.template scratch<0>();
    i64* const pivots = call.template scratch<1>();
    detail::for_each_matrix(call, [&](i64 i) {
      kernel::copy_square<false>(call.template in<0>() + i * n * n, lu, n);
      kernel::factor_lu(lu, n, pivots);
      call.out()[i] = kernel::determinant_lu(lu, pivots, n);
    });
  }

 private:
  static constexpr auto inverse_adjoint(auto const& call) {
    i64 const words[] = {1};
    return add_node<matrix_inverse_op>(words, 1, call.x(0));
  }
  /// A number for each matrix, with extents of 1 in the place of the matrix's.
  static constexpr auto beside(auto number, auto matrix) {
    dims shape = matrix.shape();
    shape[shape.rank - 2] = shape[shape.rank - 1] = 1;
    return reshape(number, shape);
  }
};

/// The determinant of each matrix of x [.., n, n], by LU factorisation with partial pivoting; 0 of a singular one.
template <name Name = "", expression X>
constexpr result_t<matrix_determinant_op, Name, X> matrix_determinant(X const& x) {
  return apply<matrix_determinant_op, Name>(x);
}

TFX_END
