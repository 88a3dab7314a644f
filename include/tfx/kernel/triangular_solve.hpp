// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/kernel/matrix_rows.hpp>

TFX_BEGIN
namespace kernel {

/// Whether no element of the diagonal is 0.
template <class T>
bool has_full_diagonal(T const* a, i64 n) {
  for (i64 i = 0; i < n; ++i)
    if (a[i * n + i] == T(0)) return false;
  return true;
}

/// X ← A⁻¹ X: A is n × n, of which the lower (else the upper) triangle is read, with ones in place of its diagonal
/// where `UnitDiagonal`; X is [n, columns], its rows follow one another. Blocks of rows are solved in turn, and each is
/// subtracted from those that come after by one product.
template <bool Lower, bool UnitDiagonal, class T>
void triangular_solve(T const* a, i64 row_a, T* x, i64 n, i64 columns) {
  if (columns == 1) {
    for (i64 s = 0; s < n; ++s) {
      i64 const i = Lower ? s : n - 1 - s, from = Lower ? 0 : i + 1;
      x[i] -= dot(a + i * row_a + from, x + from, s);
      if constexpr (!UnitDiagonal) x[i] /= a[i * row_a + i];
    }
    return;
  }
  i64 const blocks = ceil_div(n, factor_block);
  for (i64 s = 0; s < blocks; ++s) {
    i64 const begin = (Lower ? s : blocks - 1 - s) * factor_block;
    i64 const end = n - begin < factor_block ? n : begin + factor_block;
    for (i64 t = 0; t < end - begin; ++t) {
      i64 const i = Lower ? begin + t : end - 1 - t, from = Lower ? begin : i + 1;
      for (i64 p = from; p < from + t; ++p)
        subtract_multiple(x + i * columns, x + p * columns, a[i * row_a + p], columns);
      if constexpr (!UnitDiagonal) divide_row(x + i * columns, a[i * row_a + i], columns);
    }
    i64 const rest = Lower ? end : 0, rows = Lower ? n - end : begin;
    subtract_product(a + rest * row_a + begin, row_a, x + begin * columns, columns, x + rest * columns, columns, rows,
                     columns, end - begin);
  }
}

}  // namespace kernel
TFX_END
