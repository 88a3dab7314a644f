// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/kernel/gemm_blocks.hpp>
#include <tfx/kernel/gemm_narrow.hpp>
#include <tfx/kernel/gemm_row.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN
namespace kernel {

/// The product for types without SIMD: integers wrap around.
template <class T, bool TransposeA, bool TransposeB, class Epilogue>
inline void gemm_plain(T const* a, T const* b, T* c, i64 m, i64 n, i64 k, Epilogue const& epilogue) {
  constexpr i64 block = 64;
  for (i64 i = 0; i < m; ++i)
    for (i64 j = 0; j < n; j += block) {
      i64 const columns = n - j < block ? n - j : block;
      T sum[block] = {};
      for (i64 p = 0; p < k; ++p) {
        T const x = TransposeA ? a[p * m + i] : a[i * k + p];
        for (i64 q = 0; q < columns; ++q)
          sum[q] = simd::fma(x, TransposeB ? b[(j + q) * k + p] : b[p * n + j + q], sum[q]);
      }
      for (i64 q = 0; q < columns; ++q) epilogue(c + i * n + j + q, sum[q], 1);
    }
}

/// The product of depth 0: zeros, and no operand to point into.
template <class T, i64 N, class Epilogue>
inline void gemm_empty(T* c, i64 m, i64 n, Epilogue const& epilogue) {
  constexpr int l = simd::width<T>;
  vec<T, l> const zero{};
  for (i64 i = 0; i < m; ++i)
    for (i64 j = 0; j < n; j += l)
      finish_kept<(N >= 0 && N % l == 0)>(&zero, 1, c + i * n + j, 0, 1, n - j, false, true, epilogue);
}

/// C[m, n] = op(A) op(B), row-major and contiguous: A is [m, k], or [k, m] with TransposeA; B is [k, n], or [n, k] with
/// TransposeB. M, N and K repeat the extents that the compiler knows, `dynamic` for the others. C overlaps neither A
/// nor B. Each sum is added up in an order that depends on nothing but the extents; nothing is allocated.
template <class T, i64 M, i64 N, i64 K, bool TransposeA, bool TransposeB, class Epilogue = store_result>
inline void gemm(T const* a, T const* b, T* c, i64 m, i64 n, i64 k, Epilogue const& epilogue = {}) {
  static_assert(std::is_arithmetic_v<T> || detail::is_complex_type<T>, "gemm: the elements are numbers");
  constexpr bool is_simd = std::is_same_v<T, float> || std::is_same_v<T, double>;
  constexpr i64 element = sizeof(T), l2_bytes = 1 << 19, lanes = simd::width<T>;
  constexpr bool small = M >= 0 && N >= 0 && K >= 0 && M <= 16 && N <= 16 && K <= 16;
  if constexpr (is_simd && K < 0)
    if (k == 0) return gemm_empty<T, N>(c, m, n, epilogue);
  if constexpr (M < dynamic || N < dynamic || K < dynamic) {
    gemm<T, (M < 0 ? dynamic : M), (N < 0 ? dynamic : N), (K < 0 ? dynamic : K), TransposeA, TransposeB>(a, b, c, m, n,
                                                                                                         k, epilogue);
  } else if constexpr (M == 0 || N == 0) {
    return;
  } else if constexpr (!is_simd) {
    gemm_plain<T, TransposeA, TransposeB>(a, b, c, M < 0 ? m : M, N < 0 ? n : N, K < 0 ? k : K, epilogue);
  } else if constexpr (K == 0) {
    gemm_empty<T, N>(c, m, n, epilogue);
  } else if constexpr (N == 1 && M != 1) {
    gemm<T, 1, M, K, !TransposeB, !TransposeA>(b, a, c, 1, m, k, epilogue);  // a column is the row of the transpose
  } else if constexpr (small && TransposeB) {
    T turned[K * N + 1];
    for (i64 p = 0; p < K; ++p)
      for (i64 j = 0; j < N; ++j) turned[p * N + j] = b[j * K + p];
    gemm<T, M, N, K, TransposeA, false>(a, turned, c, M, N, K, epilogue);
  } else if constexpr (small) {
    constexpr int fitting = N * element <= 16 ? int(16 / element) : N * element <= 32 ? int(32 / element) : int(lanes);
    gemm_direct<T, M, N, K, TransposeA, (fitting < lanes ? fitting : int(lanes))>(a, b, c, M, N, K, epilogue);
  } else if constexpr (M == 1 && TransposeB && K >= 1 && K <= 8) {
    row_by_narrow_rows<T, N, int(K)>(a, b, c, N < 0 ? n : N, epilogue);
  } else if constexpr (M == 1 && TransposeB) {
    row_by_rows<T, N, K>(a, b, c, N < 0 ? n : N, K < 0 ? k : K, epilogue);
  } else if constexpr (M == 1 && N >= 1 && N <= 8) {
    row_by_narrow<T, int(N)>(a, b, c, K < 0 ? k : K, epilogue);
  } else if constexpr (M == 1) {
    row_by_matrix<T, N, K>(a, b, c, N < 0 ? n : N, K < 0 ? k : K, epilogue);
  } else if constexpr (is_narrow_product<T, M, N, K, TransposeA, TransposeB>) {
    gemm_narrow<T, M, N, K, TransposeA, TransposeB>(a, b, c, M < 0 ? m : M, K < 0 ? k : K, epilogue);
  } else if constexpr (!TransposeB && ((N >= 0 && K >= 0 && N * K * element <= l2_bytes) ||
                                       (M >= 0 && M <= 2 * tile_shape<T>::rows))) {
    gemm_direct<T, M, N, K, TransposeA, int(lanes)>(a, b, c, m, n, k, epilogue);
  } else {
    gemm_packed<T, M, N, K, TransposeA, TransposeB>(a, b, c, m, n, k, epilogue);
  }
}

}  // namespace kernel
TFX_END
