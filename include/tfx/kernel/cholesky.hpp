// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>
#include <tfx/kernel/triangular_solve.hpp>

TFX_BEGIN
namespace kernel {

/// Factors a block W = Uᴴ U in its place, where W is Hermitian and its upper triangle is read. False where a pivot is
/// not positive.
template <class T>
bool factor_upper(T* u, i64 row, i64 n) {
  for (i64 j = 0; j < n; ++j) {
    T* const top = u + j * row;
    auto const pivot = simd::real(top[j]);
    if (pivot <= 0) return false;
    top[j] = T(std::sqrt(pivot));
    divide_row(top + j + 1, top[j], n - j - 1);
    for (i64 i = j + 1; i < n; ++i) subtract_multiple(u + i * row + i, top + i, conjugate(top[i]), n - i);
  }
  return true;
}

/// L with L Lᴴ = A, of which the lower triangle is read; L's upper triangle is zeros. False where A is not positive
/// definite; a NaN makes NaN. `scratch` has room for factor_block · (factor_block + n) elements.
template <class T>
bool factor_cholesky(T const* a, T* l, i64 n, T* scratch) {
  T* const u = scratch;                                    // Uᴴ is a block of L's diagonal
  T* const below = scratch + factor_block * factor_block;  // the adjoint of what stands below it
  auto const clear_above = [=](i64 i) { std::fill(l + i * n + i + 1, l + (i + 1) * n, T(0)); };
  for (i64 i = 0; i < n; ++i) {
    std::copy_n(a + i * n, i + 1, l + i * n);
    clear_above(i);
  }
  for (i64 k = 0; k < n; k += factor_block) {
    i64 const end = n - k < factor_block ? n : k + factor_block, width = end - k, rest = n - end;
    adjoint_copy(l + k * n + k, n, u, factor_block, width, width);
    if (!factor_upper(u, factor_block, width)) return false;
    adjoint_copy(u, factor_block, l + k * n + k, n, width, width);
    // A₂₁ = L₂₁ U, so that Uᴴ L₂₁ᴴ = A₂₁ᴴ: Uᴴ stands in L already.
    adjoint_copy(l + end * n + k, n, below, rest, rest, width);
    triangular_solve<true, false>(l + k * n + k, n, below, width, rest);
    adjoint_copy(below, rest, l + end * n + k, n, width, rest);
    // A₂₂ -= L₂₁ L₂₁ᴴ, its lower triangle in strips of rows.
    for (i64 i = end; i < n; i += factor_block) {
      i64 const rows = n - i < factor_block ? n - i : factor_block;
      subtract_product(l + i * n + k, n, below, rest, l + i * n + end, n, rows, i + rows - end, width);
    }
  }
  for (i64 i = 0; i < n; ++i) clear_above(i);
  return true;
}

}  // namespace kernel
TFX_END
