// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/kernel/gemm_blocks.hpp>
#include <tfx/kernel/gemm_row.hpp>

TFX_BEGIN
/// Products with few columns, such as a classifier's: 10 columns would leave 6 of 16 lanes idle.
namespace kernel {

/// Whether N columns fill so few lanes that another direction is better.
template <class T>
constexpr bool is_narrow(i64 n) {
  constexpr i64 l = simd::width<T>;
  return n >= 2 && n <= 12 && 4 * n <= 3 * ceil_div(n, l) * l;
}
/// Bytes of a transposed copy of B[k, n].
template <class T>
constexpr i64 narrow_copy_bytes(i64 n, i64 k) {
  return n * ceil_div(k, simd::width<T>) * simd::width<T> * i64(sizeof(T));
}

template <class T, i64 M, i64 N, i64 K, bool TransposeA, bool TransposeB>
inline constexpr bool is_narrow_product = is_narrow<T>(N) && (M < 0 || M >= 16) &&
                                          (TransposeA   ? !TransposeB
                                           : TransposeB ? K < 0 || K >= 64
                                                        : K >= 64 && narrow_copy_bytes<T>(N, K) <= (1 << 16));

/// C[m, N] = A[m, k] B[N, row_b]^T: registers run along k. A few columns after another, so that their part of B stays
/// in the L1 cache.
template <class T, i64 N, i64 RowB, i64 K, class Epilogue>
inline void narrow_along_depth(T const* a, T const* b, T* c, extent<RowB> row_b, i64 m, i64 k,
                               Epilogue const& epilogue) {
  constexpr int l = simd::width<T>, rows = tile_shape<T>::many_registers ? 4 : 2;
  constexpr i64 limit = l < 6 ? l : 6, groups = ceil_div(N, limit);
  auto const group = [&]<int Cols>(std::integral_constant<int, Cols>, i64 from) __attribute__((always_inline)) {
    for (i64 i = 0; i < m; i += rows) {
      T const* row[rows];
      for (int r = 0; r < rows; ++r) row[r] = a + (i + r < m ? i + r : m - 1) * extent<K>(k);
      vec<T, l> sums[rows];
      inner_products<T, rows, Cols, RowB, K>(row, b + from * row_b, row_b, k, sums);
      for (int r = 0; r < rows && i + r < m; ++r) epilogue(c + (i + r) * N + from, to_pack(sums[r]), Cols);
    }
  };
  constexpr i64 cols = N / groups, larger = N % groups * (cols + 1);
  for (i64 j = 0; j < larger; j += cols + 1) group(std::integral_constant<int, int(cols + (larger > 0))>{}, j);
  for (i64 j = larger; j < N; j += cols) group(std::integral_constant<int, int(cols)>{}, j);
}

/// C[m, N] = A[k, m]^T B[k, N]: the tile holds C transposed, whose rows are as long as those of A.
template <class T, i64 M, i64 N, i64 K, class Epilogue>
inline void narrow_transposed(T const* a, T const* b, T* c, i64 m, i64 k, Epilogue const& epilogue) {
  constexpr int l = simd::width<T>, vectors = tile_shape<T>::many_registers ? 2 : 1, rows = int(N);
  using config = tile_config<T, rows, vectors, l>;
  tile_strides<1, N, M> const stride{1, N, m};
  auto const block = [&]<i64 Columns>(extent<Columns> columns, i64 i) __attribute__((always_inline)) {
    vec<T, l> sum[rows * vectors];
    sum_over_depth<1>(sum, extent<K>(k), k > deepest_sum, [&](i64 p, auto depth) __attribute__((always_inline)) {
      tile_multiply<config>(sum, b + p * stride.col_a, a + i + p * stride.row_b, stride, rows, columns, depth);
    });
    constexpr int groups = int(ceil_div(N, l));
    vec<T, l> kept[groups * l * vectors];
    TFX_UNROLL for (int r = 0; r < groups * l * vectors; ++r) {
      kept[r] = r < rows * vectors ? sum[r < rows * vectors ? r : 0] : vec<T, l>{};
    }
    for (int v = 0; v < vectors; ++v)
      for (int g = 0; g < rows; g += l) {
        vec<T, l> r[l];
        TFX_UNROLL for (int q = 0; q < l; ++q) { r[q] = kept[(g + q) * vectors + v]; }
        transpose_lanes(r);
        int const n = rows - g < l ? rows - g : l;
        for (int q = 0; q < l && v * l + q < columns; ++q) epilogue(c + (i + v * l + q) * N + g, to_pack(r[q]), n);
      }
  };
  constexpr i64 width = config::columns;
  i64 i = 0;
  if constexpr (M < 0 || M >= width)
    for (; i + width <= m; i += width) block(extent<width>(width), i);
  if constexpr (M < 0) {
    if (i < m) block(extent<dynamic>(m - i), i);
  } else if constexpr (M % width > 0) {
    block(extent<M % width>(M % width), i);
  }
}

template <class T, i64 M, i64 N, i64 K, bool TransposeA, bool TransposeB, class Epilogue>
inline void gemm_narrow(T const* a, T const* b, T* c, i64 m, i64 k, Epilogue const& epilogue) {
  if constexpr (TransposeA) {
    narrow_transposed<T, M, N, K>(a, b, c, m, k, epilogue);
  } else if constexpr (TransposeB) {
    narrow_along_depth<T, N, K, K>(a, b, c, extent<K>(k), m, k, epilogue);
  } else {
    constexpr int l = simd::width<T>;
    constexpr i64 row = ceil_div(K, l) * l;
    alignas(64) T turned[N * row];
    for (i64 p = 0; p < K; p += l)
      for (int j = 0; j < N; j += l) {
        vec<T, l> r[l];
        i64 const columns = N - j < l ? N - j : l;
        TFX_UNROLL for (int q = 0; q < l; ++q) {
          r[q] = p + q < K ? load<vec<T, l>>(b + (p + q) * N + j, columns) : vec<T, l>{};
        }
        transpose_lanes(r);
        TFX_UNROLL for (int q = 0; q < l; ++q) {
          if (q < columns) store(turned + (j + q) * row + p, r[q]);
        }
      }
    narrow_along_depth<T, N, row, K>(a, turned, c, row, m, k, epilogue);
  }
}

}  // namespace kernel
TFX_END
