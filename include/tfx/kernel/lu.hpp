// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>
#include <tfx/kernel/triangular_solve.hpp>

TFX_BEGIN
namespace kernel {

template <class T>
auto pivot_size(T x) {
  if constexpr (is_complex<T>) {
    return std::abs(x.real()) + std::abs(x.imag());
  } else {
    return std::abs(x);
  }
}
/// The row of the largest element of column j from row j on; a NaN counts as the largest.
template <class T>
i64 pivot_row(T const* a, i64 n, i64 j) {
  i64 best = j;
  auto size = pivot_size(a[j * n + j]);
  for (i64 i = j + 1; i < n && size == size; ++i) {
    auto const other = pivot_size(a[i * n + j]);
    if (other <= size) continue;
    best = i;
    size = other;
  }
  return best;
}

/// Factors A, n × n, with rows exchanged into L U: L has ones in its diagonal, and both stand in A's place. Step j
/// exchanged the rows j and pivots[j]. False where U has a 0 in its diagonal: A is singular. The largest element of
/// each column is its pivot; `factor_block` columns at a time, as in LAPACK's getrf.
template <class T>
bool factor_lu(T* a, i64 n, i64* pivots) {
  bool regular = true;
  for (i64 k = 0; k < n; k += factor_block) {
    i64 const end = n - k < factor_block ? n : k + factor_block, rest = n - end;
    for (i64 j = k; j < end; ++j) {
      i64 const p = pivots[j] = pivot_row(a, n, j);
      T* const row = a + j * n;
      if (p != j) std::swap_ranges(row, row + n, a + p * n);
      T const pivot = row[j];
      if (pivot == T(0)) {
        regular = false;
        continue;
      }
      for (i64 i = j + 1; i < n; ++i) {
        T const factor = a[i * n + j] /= pivot;
        subtract_multiple(a + i * n + j + 1, row + j + 1, factor, end - j - 1);
      }
    }
    for (i64 i = k + 1; i < end; ++i)
      for (i64 p = k; p < i; ++p) subtract_multiple(a + i * n + end, a + p * n + end, a[i * n + p], rest);
    subtract_product(a + end * n + k, n, a + k * n + end, n, a + end * n + end, n, rest, rest, end - k);
  }
  return regular;
}

/// X ← A⁻¹ X for a factored A; X is [n, columns].
template <class T>
void solve_lu(T const* lu, i64 const* pivots, T* x, i64 n, i64 columns) {
  for (i64 j = 0; j < n; ++j)
    if (pivots[j] != j) std::swap_ranges(x + j * columns, (x + j * columns) + columns, x + pivots[j] * columns);
  triangular_solve<true, true>(lu, n, x, n, columns);
  triangular_solve<false, false>(lu, n, x, n, columns);
}

/// x · 2ˢ.
template <class T>
T scaled(T x, int shift) {
  if constexpr (is_complex<T>) {
    return {std::ldexp(x.real(), shift), std::ldexp(x.imag(), shift)};
  } else {
    return std::ldexp(x, shift);
  }
}
/// The determinant of a factored A; 1 where n is 0. Powers of two are kept apart, so that only the result overflows.
template <class T>
T determinant_lu(T const* lu, i64 const* pivots, i64 n) {
  T product(1);
  long exponent = 0;
  for (i64 j = 0; j < n; ++j) {
    product *= pivots[j] == j ? lu[j * n + j] : -lu[j * n + j];
    auto const size = pivot_size(product);
    int shift = 0;
    if (size == 0 || !std::isfinite(size)) continue;
    std::frexp(size, &shift);
    exponent += shift;
    product = scaled(product, -shift);
  }
  return scaled(product, exponent < -10000 ? -10000 : exponent > 10000 ? 10000 : static_cast<int>(exponent));
}

}  // namespace kernel
TFX_END
