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

/// Cuts m rows into blocks and calls f(row_block, first row, rows) for each: blocks of nearly equal height where M is
/// known, so that none is so low that it wastes registers.
template <class T, i64 M, int Vectors, class F>
TFX_INLINE void for_row_blocks(i64 m, F const& f) {
  using shape = tile_shape<T>;
  if constexpr (M >= 0) {
    constexpr i64 blocks = ceil_div(M, Vectors == 1 ? shape::rows_of_one : shape::rows);
    constexpr int rows = int(M / blocks);
    constexpr i64 larger = M % blocks * (rows + 1);
    if constexpr (larger > 0)
      for (i64 i = 0; i < larger; i += rows + 1) f(row_block<rows + 1, false>{}, i, rows + 1);
    for (i64 i = larger; i < M; i += rows) f(row_block<rows, false>{}, i, rows);
  } else {
    constexpr int many = shape::rows_if_dynamic, few = shape::few_rows;
    i64 i = 0;
    for (; i + many <= m; i += many) f(row_block<many, false>{}, i, many);
    for (; i < m; i += few) f(row_block<few, true>{}, i, int(m - i < few ? m - i : few));
  }
}

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
    for_row_blocks<T, M, wide.vectors>(m, [&](auto high, i64 i, int rows) __attribute__((always_inline)) {
      tile<tile_config<T, high.rows, wide.vectors, Lanes, high.bounded>>(a + i * stride.row_a, b + j,
                                                                         c + i * extent<N>(n) + j, stride, extent<N>(n),
                                                                         rows, wide.columns, extent<K>(k), epilogue);
    });
  });
}

/// panel[k][Columns] = the first `columns` columns of B[k, row_b], then zeros.
template <class T, int Columns>
inline void pack_panel(T const* b, i64 row_b, i64 k, i64 columns, T* panel) {
  constexpr int l = simd::width<T>;
  using v = vec<T, l>;
  for (i64 p = 0; p < k; ++p) TFX_UNROLL for (int j = 0; j < Columns / l; ++j) {
      store<v>(panel + p * Columns + j * l, load<v>(b + p * row_b + j * l, columns - j * l));
    }
}

/// panel[k][width] = the transpose of the first `columns` rows of B[columns, row_b], then zeros. Not inline: products
/// of all extents share it.
template <class T>
[[gnu::noinline]] void pack_panel_transposed(T const* b, i64 row_b, i64 k, i64 columns, T* panel, i64 width) {
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

/// How deep a product may be that is not added up in parts.
constexpr i64 longest_part(int bytes) { return 1024 / bytes; }

/// C = op(A) op(B) with panels of B copied to the stack: for a transposed B, and for one that exceeds the L2 cache.
template <class T, i64 M, i64 N, i64 K, bool TransposeA, bool TransposeB, class Epilogue>
inline void gemm_packed(T const* a, T const* b, T* c, i64 m, i64 n, i64 k, Epilogue const& epilogue) {
  if (m == 0) return;
  constexpr int lanes = simd::width<T>;
  constexpr i64 limit = longest_part(sizeof(T)), depth = K < 0 || K > limit ? limit : K;  // a panel has 32 KB at most
  constexpr bool fetches_ahead = !TransposeB && K > limit;
  constexpr i64 row_a = TransposeA ? 1 : K, col_a = TransposeA ? M : 1;
  alignas(64) T panel[depth * 2 * lanes + 1];
  // What a deep product loses to rounding is kept for so many rows at once, and the rest of a block that begins there.
  constexpr bool can_be_deep = may_be_deep<T>(K);
  bool const is_deep = can_be_deep && k > deepest_sum;
  constexpr i64 kept_rows = 224;
  vec<T, lanes> lost[can_be_deep ? (kept_rows + tile_shape<T>::rows_of_one) * 2 : 1];
  i64 const rows_together = is_deep ? ceil_div(m, ceil_div(m, kept_rows)) : m;
  i64 const parts = k > depth ? ceil_div(k, depth) : 1, part = ceil_div(k, parts);
  for_column_blocks<N, lanes>(n, [&](auto wide, i64 j) __attribute__((always_inline)) {
    constexpr int width = wide.vectors * lanes;
    tile_strides<row_a, col_a, width> const stride{TransposeA ? 1 : k, TransposeA ? m : 1, width};
    for (i64 first = 0, p = 0; first < m; first += rows_together, p = 0) do {
        i64 const q = k - p < part ? k - p : part;
        if constexpr (TransposeB) {
          pack_panel_transposed(b + j * k + p, k, q, wide.columns, panel, width);
        } else {
          pack_panel<T, width>(b + p * n + j, n, q, wide.columns, panel);
        }
        // while this panel is used, a large B's next one comes into the L2 cache, a share of its rows with each tile
        bool const is_last = p + q >= k;
        [[maybe_unused]] i64 const next_j = is_last ? j + width : j, next_p = is_last ? 0 : p + q;
        [[maybe_unused]] i64 next = next_p, share = 0, next_end = 0;
        if constexpr (fetches_ahead) {
          share = ceil_div(part, ceil_div(rows_together, tile_shape<T>::rows));
          next_end = next_j >= n ? 0 : next_p + part < k ? next_p + part : k;
        }
        for_row_blocks<T, M, wide.vectors>(m, [&](auto high, i64 i, int rows) __attribute__((always_inline)) {
          if (can_be_deep && (i < first || i >= first + rows_together)) return;
          if constexpr (fetches_ahead)
            for (i64 const stop = next + share; next < stop && next < next_end; ++next)
              for (int v = 0; v < 2; ++v)
                __builtin_prefetch(b + next * n + next_j + (next_j + v * lanes < n ? v * lanes : 0), 0, 2);
          using config = tile_config<T, high.rows, wide.vectors, lanes, high.bounded>;
          T const* const rows_a = a + i * stride.row_a + p * stride.col_a;
          if constexpr (K >= 0 && K <= limit) {
            tile<config>(rows_a, panel, c + i * n + j, stride, extent<N>(n), rows, wide.columns, extent<K>(k),
                         epilogue);
          } else {
            tile_part<config, can_be_deep>(rows_a, panel, c + i * n + j, stride, n, rows, wide.columns, q, p > 0,
                                           p + q >= k, epilogue, is_deep ? lost + (i - first) * wide.vectors : nullptr);
          }
        });
        p += q;
      } while (p < k);
  });
}

}  // namespace kernel
TFX_END
