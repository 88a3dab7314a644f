// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/kernel/gemm_tile.hpp>

TFX_BEGIN
namespace kernel {

template <int Rows, bool Bounded>
struct row_block {
  static constexpr int rows = Rows;
  static constexpr bool bounded = Bounded;
};

/// Rows are cut into blocks: of nearly equal height where M is known, so that none is so low that it wastes registers.
template <class T, i64 M, int Vectors>
struct row_blocks {
  static constexpr int limit = Vectors == 1 ? tile_shape<T>::rows_of_one : tile_shape<T>::rows;
  static constexpr int many = tile_shape<T>::rows_if_dynamic, few = tile_shape<T>::few_rows;

  static constexpr i64 count(i64 m) { return M >= 0 ? ceil_div(M, limit) : m / many + ceil_div(m % many, few); }

  /// Calls f(row_block, first row, rows) for the blocks from number `from` to before `to`.
  template <class F>
  TFX_INLINE static void visit(i64 m, i64 from, i64 to, F const& f) {
    if constexpr (M >= 0) {
      constexpr i64 blocks = ceil_div(M, limit), larger = M % blocks;
      constexpr int rows = int(M / blocks);
      if constexpr (larger > 0)
        for (; from < to && from < larger; ++from) f(row_block<rows + 1, false>{}, from * (rows + 1), rows + 1);
      for (; from < to; ++from) f(row_block<rows, false>{}, larger + from * rows, rows);
    } else {
      i64 const high = m / many;
      for (; from < to && from < high; ++from) f(row_block<many, false>{}, from * many, many);
      for (; from < to; ++from) {
        i64 const i = high * many + (from - high) * few;
        f(row_block<few, true>{}, i, int(m - i < few ? m - i : few));
      }
    }
  }
};

template <int Vectors, i64 Columns>
struct column_block {
  static constexpr int vectors = Vectors;
  extent<Columns> columns;
};

/// Cuts n columns into blocks of two registers and calls f(column_block, first column) for each.
template <i64 N, int Lanes, class F>
TFX_INLINE void for_column_blocks(i64 n, F const& f) {
  constexpr i64 width = 2 * Lanes;
  i64 const full = (N >= 0 ? N : n) / width * width;
  if constexpr (N < 0 || N >= width)
    for (i64 j = 0; j < full; j += width) f(column_block<2, width>{width}, j);
  if constexpr (N < 0) {
    if (full < n) f(column_block<2, dynamic>{n - full}, full);
  } else if constexpr (constexpr i64 rest = N % width; rest > 0) {
    f(column_block<(rest > Lanes ? 2 : 1), rest>{rest}, full);
  }
}

/// C = op(A) B on operands where they lie. Every extent may be `dynamic`.
template <class T, i64 M, i64 N, i64 K, bool TransposeA, int Lanes, class Epilogue>
inline void gemm_direct(T const* a, T const* b, T* c, i64 m, i64 n, i64 k, Epilogue const& epilogue) {
  tile_strides<TransposeA ? 1 : K, TransposeA ? M : 1, N> const stride{TransposeA ? 1 : k, TransposeA ? m : 1, n};
  for_column_blocks<N, Lanes>(n, [&](auto wide, i64 j) __attribute__((always_inline)) {
    using blocks = row_blocks<T, M, wide.vectors>;
    blocks::visit(m, 0, blocks::count(m), [&](auto high, i64 i, int rows) __attribute__((always_inline)) {
      tile<tile_config<T, high.rows, wide.vectors, Lanes, high.bounded>>(a + i * stride.row_a, b + j, c + i * extent<N>(n) + j,
                                                                         stride, extent<N>(n), rows, wide.columns,
                                                                         extent<K>(k), epilogue);
    });
  });
}

/// panel[k][Columns] = the first `columns` columns of B[k, row_b], then zeros.
template <class T, int Columns>
inline void pack_panel(T const* b, i64 row_b, i64 k, i64 columns, T* panel) {
  constexpr int l = simd::width<T>;
  using v = vec<T, l>;
  for (i64 p = 0; p < k; ++p)
    each<Columns / l>([&](int j) __attribute__((always_inline)) {
      store<v>(panel + p * Columns + j * l, load<v>(b + p * row_b + j * l, columns - j * l));
    });
}

/// panel[k][width] = the transpose of the first `columns` rows of B[columns, row_b], then zeros.
template <class T>
inline void pack_panel_transposed(T const* b, i64 row_b, i64 k, i64 columns, T* panel, i64 width) {
  constexpr int l = simd::width<T>;
  for (i64 p = 0; p < k; p += l)
    for (i64 j = 0; j < width; j += l) {
      T const* const from = b + j * row_b + p;
      T* const to = panel + p * width + j;
      if (p + l <= k && j + l <= columns) {
        transpose_square(from, row_b, to, width);
      } else {
        using v = vec<T, l>;
        T square[l * l], turned[l * l];
        for (i64 i = 0; i < l; ++i) store<v>(square + i * l, j + i < columns ? load<v>(from + i * row_b, k - p) : v{});
        transpose_square(square, l, turned, l);
        for (i64 q = 0; q < l && p + q < k; ++q) store<v>(to + q * width, load<v>(turned + q * l));
      }
    }
}

/// C = op(A) op(B) with panels of B copied to the stack: for a transposed B, and for one that exceeds the L2 cache.
template <class T, i64 M, i64 N, i64 K, bool TransposeA, bool TransposeB, class Epilogue>
inline void gemm_packed(T const* a, T const* b, T* c, i64 m, i64 n, i64 k, Epilogue const& epilogue) {
  constexpr int lanes = simd::width<T>;
  constexpr i64 depth = 1024 / i64(sizeof(T));  // with two registers to a row, 32 KB at most: the L1 cache
  constexpr i64 l2_blocks = L2B / tile_shape<T>::rows;
  constexpr i64 row_a = TransposeA ? 1 : K, col_a = TransposeA ? M : 1;
  alignas(64) T panel[(K < 0 || K > depth ? depth : K) * 2 * lanes + 1];
  i64 const parts = k > depth ? ceil_div(k, depth) : 1, part = ceil_div(k, parts);
  i64 p = 0;
  do {  // a part of A, that many rows and `part` columns, stays in the L2 cache
    i64 const q = k - p < part ? k - p : part;
    for (i64 from = 0; from < row_blocks<T, M, 2>::count(m); from += l2_blocks)
      for_column_blocks<N, lanes>(n, [&](auto wide, i64 j) __attribute__((always_inline)) {
        constexpr int width = wide.vectors * lanes;
        tile_strides<row_a, col_a, width> const stride{TransposeA ? 1 : k, TransposeA ? m : 1, width};
        if constexpr (TransposeB) {
          pack_panel_transposed(b + j * k + p, k, q, wide.columns, panel, width);
        } else {
          pack_panel<T, width>(b + p * n + j, n, q, wide.columns, panel);
        }
        using blocks = row_blocks<T, M, 2>;
        i64 const to = from + l2_blocks < blocks::count(m) ? from + l2_blocks : blocks::count(m);
        blocks::visit(m, from, to, [&](auto high, i64 i, int rows) __attribute__((always_inline)) {
          using config = tile_config<T, high.rows, wide.vectors, lanes, high.bounded>;
          T const* const rows_a = a + i * stride.row_a + p * stride.col_a;
          if constexpr (K >= 0 && K <= depth) {
            tile<config>(rows_a, panel, c + i * n + j, stride, extent<N>(n), rows, wide.columns, extent<K>(k), epilogue);
          } else {
            tile_part<config>(rows_a, panel, c + i * n + j, stride, extent<N>(n), rows, wide.columns, q, p > 0, p + q >= k,
                              epilogue);
          }
        });
      });
    p += q;
  } while (p < k);
}

}  // namespace kernel
TFX_END
