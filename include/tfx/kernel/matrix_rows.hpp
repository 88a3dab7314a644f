// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <tfx/kernel/gemm_blocks.hpp>
#include <tfx/kernel/transpose.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN
/// What factorisations are made of: rows of row-major matrices, real or complex, which begin `row` elements apart.
namespace kernel {

/// How many columns are eliminated before the rest of a matrix is updated by one product.
inline constexpr i64 factor_block = 32;

template <class T>
inline constexpr bool is_complex = detail::is_complex_type<T>;
template <class T>
TFX_INLINE T conjugate(T x) {
  if constexpr (is_complex<T>) {
    return {x.real(), -x.imag()};
  } else {
    return x;
  }
}

/// Calls f(first, lanes) for the registers of a row of n; the last may have fewer lanes.
template <class T, class F>
TFX_INLINE void for_lanes(i64 n, F const& f) {
  constexpr int l = simd::width<T>;
  i64 j = 0;
  for (; j + l <= n; j += l) f(j, l);
  if (j < n) f(j, int(n - j));
}
template <class T>
TFX_INLINE auto load_lanes(T const* p, int n) {
  using pack = simd::pack<T, simd::width<T>>;
  return n == pack::lanes ? pack::load(p) : pack::load(p, n);
}
template <class P, class T>
TFX_INLINE void store_lanes(P const& value, T* p, int n) {
  if (n == P::lanes) {
    value.store(p);
  } else {
    value.store(p, n);
  }
}

/// to -= factor · from, of n elements.
template <class T>
inline void subtract_multiple(T* to, T const* from, T factor, i64 n) {
  simd::pack<T, simd::width<T>> const minus(-factor);
  for_lanes<T>(n, [&](i64 j, int lanes) __attribute__((always_inline)) {
    store_lanes(simd::fma(minus, load_lanes(from + j, lanes), load_lanes(to + j, lanes)), to + j, lanes);
  });
}
/// row /= divisor, of n elements.
template <class T>
inline void divide_row(T* row, T divisor, i64 n) {
  simd::pack<T, simd::width<T>> const by(divisor);
  for_lanes<T>(n, [&](i64 j, int lanes)
                      __attribute__((always_inline)) { store_lanes(load_lanes(row + j, lanes) / by, row + j, lanes); });
}
/// The sum of a[i] · b[i] over n elements.
template <class T>
inline T dot(T const* a, T const* b, i64 n) {
  constexpr int l = simd::width<T>;
  simd::pack<T, l> sum(T(0));
  i64 j = 0;
  for (; j + l <= n; j += l) sum = simd::fma(load_lanes(a + j, l), load_lanes(b + j, l), sum);
  T rest = simd::reduce_add(sum);
  for (; j < n; ++j) rest = simd::fma(a[j], b[j], rest);
  return rest;
}

/// An epilogue of products that subtracts.
struct subtract_result {
  template <class T, int L>
  TFX_INLINE void operator()(T* c, simd::pack<T, L> const& value, int n) const {
    store_lanes(load_lanes(c, n) - value, c, n);
  }
};
/// C -= A B, where A is [m, k], B [k, n]; C overlaps neither.
template <class T>
void subtract_product(T const* a, i64 row_a, T const* b, i64 row_b, T* c, i64 row_c, i64 m, i64 n, i64 k) {
  if (m == 0 || n == 0 || k == 0) return;
  if constexpr (is_complex<T>) {
    constexpr int high = 4;
    for (i64 i = 0; i < m; i += high)
      for_lanes<T>(n, [&](i64 j, int lanes) __attribute__((always_inline)) {
        int const rows = m - i < high ? int(m - i) : high;
        simd::pack<T, simd::width<T>> sum[high];
        for (int r = 0; r < high; ++r) sum[r] = T(0);
        for (i64 p = 0; p < k; ++p) {
          auto const row = load_lanes(b + p * row_b + j, lanes);
          TFX_UNROLL for (int r = 0; r < high; ++r) {
            sum[r] = simd::fma(decltype(row)(a[(i + (r < rows ? r : 0)) * row_a + p]), row, sum[r]);
          }
        }
        for (int r = 0; r < rows; ++r) subtract_result{}(c + (i + r) * row_c + j, sum[r], lanes);
      });
  } else {
    constexpr int lanes = simd::width<T>;
    tile_strides<dynamic, 1, dynamic> const stride{row_a, 1, row_b};
    for_column_blocks<dynamic, lanes>(n, [&](auto wide, i64 j) __attribute__((always_inline)) {
      for_row_blocks<T, dynamic, wide.vectors>(m, [&](auto high, i64 i, int rows) __attribute__((always_inline)) {
        tile<tile_config<T, high.rows, wide.vectors, lanes, high.bounded>>(
            a + i * row_a, b + j, c + i * row_c + j, stride, extent<dynamic>(row_c), rows, wide.columns,
            extent<dynamic>(k), subtract_result{});
      });
    });
  }
}

/// to[j, i] = the conjugate of from[i, j], for i < rows and j < columns.
template <class T>
void adjoint_copy(T const* from, i64 from_row, T* to, i64 to_row, i64 rows, i64 columns) {
  transpose(from, from_row, to, to_row, rows, columns);
  if constexpr (is_complex<T>)
    for (i64 j = 0; j < columns; ++j)
      for (i64 i = 0; i < rows; ++i) to[j * to_row + i] = conjugate(to[j * to_row + i]);
}
/// to = the square matrix `from`, or its adjoint.
template <bool Adjoint, class T>
void copy_square(T const* from, T* to, i64 n) {
  if constexpr (Adjoint) {
    adjoint_copy(from, n, to, n, n, n);
  } else {
    std::copy_n(from, n * n, to);
  }
}

}  // namespace kernel
TFX_END
