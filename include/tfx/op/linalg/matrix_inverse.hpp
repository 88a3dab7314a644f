// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/raise.hpp>
#include <tfx/kernel/described.hpp>
#include <tfx/kernel/lu.hpp>
#include <tfx/op/linalg/matrices.hpp>

TFX_BEGIN

/// op(A)⁻¹, with op the adjoint or nothing. Gradient, of Y: −Yᴴ dY Yᴴ, or −Y dYᴴ Y (TensorFlow's _MatrixInverseGrad).
struct matrix_inverse_op : square_matrix_op {
  static constexpr auto name = "MatrixInverse";
  static constexpr op_traits traits{.may_fail = true, .has_scratch = true, .mismatch = detail::not_square_words};

  static constexpr void infer(inference& call) {
    if (takes_square(call)) call.shape = call.shapes[0];
  }
  static constexpr void gradient(auto& call) {
    bool const adjoint = attributes(call.attributes()).adjoint;
    auto const y = call.y();
    call.dx[0] = -detail::product(detail::product(y, call.dy, !adjoint, adjoint), y, false, !adjoint);
  }
  static constexpr void tangent(auto& call) {
    bool const adjoint = attributes(call.attributes()).adjoint;
    auto const y = call.y();
    call.tangent = -detail::product(detail::product(y, call.dx[0], false, adjoint), y, false, false);
  }

  static constexpr void scratch(scratch_request& call) { add_factors(call); }
  template <class Call>
  static void run(Call const& call) {
    using T = typename Call::out_type;
    constexpr bool adjoint = attributes(Call::attributes()).adjoint;
    constexpr dims a = Call::in_shape(0);
    i64 const n = call.extent(a[a.rank - 1]);
    T* const lu = call.template scratch<0>();
    i64* const pivots = call.template scratch<1>();
    detail::for_each_matrix(call, [&](i64 i) {
      T* const y = call.out() + i * n * n;
      kernel::copy_square<adjoint>(call.template in<0>() + i * n * n, lu, n);
      if (!kernel::factor_lu(lu, n, pivots))
        raise<errors::InvalidArgumentError>("matrix_inverse: Input is not invertible.");
      std::fill_n(y, n * n, T(0));
      for (i64 k = 0; k < n; ++k) y[k * n + k] = T(1);
      kernel::solve_lu(lu, pivots, y, n, n);
    });
  }
};

/// The inverse of each matrix of x [.., n, n], with `adjoint` of its adjoint, by LU factorisation with partial
/// pivoting. A singular matrix ends the run with an InvalidArgumentError. `matrix_solve` is faster and more exact where
/// the inverse would be multiplied.
template <name Name = "", expression X>
constexpr result_with<matrix_inverse_op, Name, words<0>, X> matrix_inverse(X const& x) {
  return apply<matrix_inverse_op, Name, words<0>>(x);
}
template <name Name = "", expression X>
constexpr result_with<matrix_inverse_op, Name, words<1>, X> matrix_inverse(X const& x, adjoint_t) {
  return apply<matrix_inverse_op, Name, words<1>>(x);
}

TFX_END
