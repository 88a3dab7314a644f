// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/kernel/gemm_tile.hpp>

TFX_BEGIN
/// Products whose result is one row, y[1, n] = w[1, k] op(X): they read X once, at the speed of memory.
namespace kernel {

/// Rows x Cols inner products of contiguous vectors of length k; lane j of result i is a[i] · row j of B.
template <class T, int Rows, int Cols, i64 RowB, i64 K>
TFX_INLINE void inner_products(T const* const* a, T const* b, extent<RowB> row_b, extent<K> k,
                               vec<T, simd::width<T>> (&result)[Rows]) {
  constexpr int l = simd::width<T>;
  using v = vec<T, l>;
  v sum[Rows * Cols];
  auto const step = [&](i64 p, i64 n) __attribute__((always_inline)) {
    v av[Rows];
    TFX_UNROLL for (int i = 0; i < Rows; ++i) { av[i] = load<v>(a[i] + p, n); }
    TFX_UNROLL for (int j = 0; j < Cols; ++j) {
      v bv = load<v>(b + j * row_b + p, n);
      if constexpr (Rows > 1) hold(bv);
      TFX_UNROLL for (int i = 0; i < Rows; ++i) { sum[i * Cols + j] = simd::native::fma(av[i], bv, sum[i * Cols + j]); }
    }
  };
  sum_over_depth<l>(sum, k, k > deepest_sum, [&](i64 p, auto depth) __attribute__((always_inline)) {
    i64 const end = p + depth;
    for (; p + l <= end; p += l) step(p, l);
    if (p < end) step(p, end - p);
  });
  if constexpr (Rows == 1) {
    result[0] = lane_sums<Cols>(sum);
  } else {
    v kept[Rows * Cols];  // through the stack: a loop, so that the tree of sums is compiled once
    TFX_UNROLL for (int i = 0; i < Rows * Cols; ++i) { kept[i] = sum[i]; }
    for (int i = 0; i < Rows; ++i) result[i] = lane_sums<Cols>(kept + i * Cols);
  }
}

/// y_i = sum over j of w_j x[i, j], with X[n, K] and K <= 8: registers full of points are taken apart.
template <class T, i64 N, int K, class Epilogue>
inline void row_by_narrow_rows(T const* w, T const* x, T* y, i64 n, Epilogue const& epilogue) {
  constexpr int l = simd::width<T>;
  using v = vec<T, l>;
  v weight[K];
  TFX_UNROLL for (int j = 0; j < K; ++j) { weight[j] = simd::native::broadcast<v>(w[j]); }
  auto const points = [&](T const* p) __attribute__((always_inline)) {
    v part[K];
    TFX_UNROLL for (int j = 0; j < K; ++j) { part[j] = load<v>(p + j * l); }
    v sum{};
    auto const add = [&]<int... J>(std::integer_sequence<int, J...>) __attribute__((always_inline)) {
      ((sum = simd::native::fma(weight[J], every_nth<K, J>(part), sum)), ...);
    };
    add(std::make_integer_sequence<int, K>{});
    return to_pack(sum);
  };
  i64 i = 0;
  for (; i + l <= n; i += l) epilogue(y + i, points(x + i * K), l);
  if (i < n) {
    T rest[K * l] = {};
    for (i64 e = 0; e < (n - i) * K; ++e) rest[e] = x[i * K + e];
    epilogue(y + i, points(rest), int(n - i));
  }
}

/// y_j = sum over i of w_i x[i, j], with X[k, N] and N <= 8: w is spread so that it meets X as it lies in memory.
template <class T, int N, class Epilogue>
inline void row_by_narrow(T const* w, T const* x, T* y, i64 k, Epilogue const& epilogue) {
  constexpr int l = simd::width<T>, chains = N >= 5 ? 1 : N >= 3 ? 2 : N == 2 ? 4 : 8;
  using v = vec<T, l>;
  v sum[chains * N];
  auto const points = [&](int chain, T const* wp, T const* xp) __attribute__((always_inline)) {
    v const scale = load<v>(wp);
    auto const add = [&]<int... J>(std::integer_sequence<int, J...>) __attribute__((always_inline)) {
      ((sum[chain * N + J] = simd::native::fma(repeat_lanes<N, J>(scale), load<v>(xp + J * l), sum[chain * N + J])),
       ...);
    };
    add(std::make_integer_sequence<int, N>{});
  };
  sum_over_depth<chains * l>(sum, extent<dynamic>(k), k > deepest_sum,
                             [&](i64 i, i64 depth) __attribute__((always_inline)) {
                               i64 const end = i + depth;
                               for (; i + chains * l <= end; i += chains * l)
                                 TFX_UNROLL for (int c = 0; c < chains; ++c) {
                                   points(c, w + i + c * l, x + (i + c * l) * N);
                                 }
                               for (; i + l <= end; i += l) points(0, w + i, x + i * N);
                               if (i < end) {
                                 T rest_w[l] = {}, rest_x[N * l] = {};
                                 for (i64 e = i; e < end; ++e) rest_w[e - i] = w[e];
                                 for (i64 e = i * N; e < end * N; ++e) rest_x[e - i * N] = x[e];
                                 points(0, rest_w, rest_x);
                               }
                             });
  if constexpr (chains > 1) TFX_UNROLL for (int e = 0; e < (chains - 1) * N; ++e) {
      sum[e % N] = sum[e % N] + sum[N + e];
    }
  v column[N];
  auto const split = [&]<int... J>(std::integer_sequence<int, J...>)
                         __attribute__((always_inline)) { ((column[J] = every_nth<N, J>(sum)), ...); };
  split(std::make_integer_sequence<int, N>{});
  constexpr int whole = N / l * l;
  if constexpr (whole > 0) TFX_UNROLL for (int g = 0; g < N / l; ++g) {
      epilogue(y + g * l, to_pack(lane_sums<l>(column + g * l)), l);
    }
  if constexpr (whole < N) epilogue(y + whole, to_pack(lane_sums<N - whole>(column + whole)), N - whole);
}

/// y_j = w · row j of X[n, k].
template <class T, i64 N, i64 K, class Epilogue>
inline void row_by_rows(T const* w, T const* x, T* y, i64 n, i64 k, Epilogue const& epilogue) {
  constexpr int l = simd::width<T>, group = l < 8 ? l : 8;
  using v = vec<T, l>;
  T const* const row[1] = {w};
  v sums[1];
  i64 j = 0;
  if constexpr (N < 0 || N >= group)
    for (; j + group <= n; j += group) {
      inner_products<T, 1, group, K, K>(row, x + j * extent<K>(k), k, k, sums);
      epilogue(y + j, to_pack(sums[0]), group);
    }
  if constexpr (N < 0 || N % group > 0)
    for (; j < n; ++j) {
      inner_products<T, 1, 1, K, K>(row, x + j * extent<K>(k), k, k, sums);
      epilogue(y + j, to_pack(sums[0]), 1);
    }
}

/// y = sum over i of w_i times row i of X[k, n].
template <class T, i64 N, i64 K, class Epilogue>
inline void row_by_matrix(T const* w, T const* x, T* y, i64 n, i64 k, Epilogue const& epilogue) {
  constexpr int l = simd::width<T>, wide = 8 * l;
  tile_strides<0, 1, N> const stride{0, 1, n};
  auto const run = [&]<int Vectors, i64 Columns>(std::integral_constant<int, Vectors>, extent<Columns> columns,
                                                 i64 j) __attribute__((always_inline)) {
    tile<tile_config<T, 1, Vectors, l>>(w, x + j, y + j, stride, extent<0>(0), 1, columns, extent<K>(k), epilogue);
  };
  i64 j = 0;
  if constexpr (N < 0 || N >= wide)
    for (; j + wide <= n; j += wide) run(std::integral_constant<int, 8>{}, extent<wide>(wide), j);
  if constexpr (N < 0) {
    for (; j < n; j += l) run(std::integral_constant<int, 1>{}, extent<dynamic>(n - j < l ? n - j : l), j);
  } else if constexpr (constexpr i64 rest = N % wide; rest > 0) {
    run(std::integral_constant<int, int(ceil_div(rest, l))>{}, extent<rest>(rest), j);
  }
}

}  // namespace kernel
TFX_END
