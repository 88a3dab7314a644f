// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/kernel/extent.hpp>
#include <tfx/kernel/shuffle.hpp>
#include <tfx/simd/math.hpp>

TFX_BEGIN
/// Row-wise softmax and its losses. The largest logit of a row is subtracted first, so nothing overflows; a NaN or +inf
/// in a row, or nothing but -inf, makes the whole row NaN, as in TensorFlow.
namespace kernel {

template <class T>
using full_pack = simd::pack<T, simd::width<T>>;

/// The first n lanes of v, zeros in the others.
template <class T>
TFX_INLINE full_pack<T> zero_beyond(full_pack<T> const& v, i64 n) {
  if (n >= simd::width<T>) return v;
  return to_pack(simd::native::choose(first_lanes(n), v.get(0), typename full_pack<T>::vec{}));
}

/// Calls f(first column, number of columns) for each register of a row of n.
template <class T, i64 N, class F>
TFX_INLINE void for_each_register(i64 n, F const& f) {
  constexpr i64 l = simd::width<T>;
  if constexpr (N >= 0 && N <= l) {
    f(i64{0}, N);
  } else {
    i64 j = 0;
    for (; j + l <= n; j += l) f(j, l);
    if (j < n) f(j, n - j);
  }
}

template <class T>
TFX_INLINE full_pack<T> load_row(T const* p, i64 n) {
  return n >= simd::width<T> ? full_pack<T>::load(p) : full_pack<T>::load(p, int(n));
}
template <class T>
TFX_INLINE void store_row(T* p, full_pack<T> const& v, i64 n) {
  if (n >= simd::width<T>) {
    v.store(p);
  } else {
    v.store(p, int(n));
  }
}

/// The largest of a row of n >= 1, NaN if there is one.
template <class T, i64 N>
TFX_INLINE T row_max(T const* x, i64 n) {
  full_pack<T> top(x[0]);
  for_each_register<T, N>(
      n, [&](i64 j, i64 lanes) __attribute__((always_inline)) { top = simd::max(top, load_row(x + j, lanes)); });
  return simd::reduce_max(top);
}

/// The sum of what f(first column, number of columns) gives for each register of a row of n, zeros beyond it. Of
/// floats, a short stretch is added up at a time and goes into a wider sum.
template <class T, i64 N, class F>
TFX_INLINE T row_sum(i64 n, F const& f) {
  constexpr i64 l = simd::width<T>, stretch = 32 * l;
  full_pack<T> sum(T(0));
  if constexpr (!std::is_same_v<T, float> || (N >= 0 && N <= stretch)) {
    for_each_register<T, N>(n, [&](i64 j, i64 lanes) __attribute__((always_inline)) { sum = sum + f(j, lanes); });
    return simd::reduce_add(sum);
  } else {
    double total = 0;
    i64 j = 0;
    for (i64 stop = stretch; j + l <= n; stop += stretch) {
      if (stop > n) stop = n;
      for (; j + l <= stop; j += l) sum = sum + f(j, l);
      if (stop == n) break;
      total += simd::reduce_add(sum);
      sum = full_pack<T>(T(0));
    }
    if (j < n) sum = sum + f(j, n - j);
    return n <= stretch ? simd::reduce_add(sum) : static_cast<T>(total + simd::reduce_add(sum));
  }
}

/// The sum of exp(x - top) over a row; visit(first column, columns, x - top, exp) sees each register.
template <class T, i64 N, class F>
TFX_INLINE T row_sum_exp(T const* x, i64 n, full_pack<T> const& top, F const& visit) {
  return row_sum<T, N>(n, [&](i64 j, i64 lanes) __attribute__((always_inline)) {
    full_pack<T> const scaled = load_row(x + j, lanes) - top, e = simd::exp(scaled);
    visit(j, lanes, scaled, e);
    return zero_beyond<T>(e, lanes);
  });
}

/// out = exp(logits) / sum of exp(logits), by rows of n; in place too.
template <class T, i64 N = dynamic>
inline void softmax(T const* logits, T* out, i64 rows, i64 columns) {
  extent<N> const n(columns);
  if (n == 0) return;
  for (i64 i = 0; i < rows; ++i, logits += n, out += n) {
    full_pack<T> const top(row_max<T, N>(logits, n));
    if constexpr (N >= 0 && N <= simd::width<T>) {
      full_pack<T> e;
      T const sum = row_sum_exp<T, N>(
          logits, n, top, [&](i64, i64, auto const&, auto const& x) __attribute__((always_inline)) { e = x; });
      store_row(out, e / full_pack<T>(sum), n);
    } else {
      T const sum = row_sum_exp<T, N>(logits, n, top,
                                      [&](i64 j, i64 lanes, auto const&, auto const& e)
                                          __attribute__((always_inline)) { store_row(out + j, e, lanes); });
      full_pack<T> const divisor(sum);
      for_each_register<T, N>(n, [&](i64 j, i64 lanes) __attribute__((always_inline)) {
        store_row(out + j, load_row(out + j, lanes) / divisor, lanes);
      });
    }
  }
}

/// out = logits - log(sum of exp(logits)), by rows of n; in place too.
template <class T, i64 N = dynamic>
inline void log_softmax(T const* logits, T* out, i64 rows, i64 columns) {
  extent<N> const n(columns);
  if (n == 0) return;
  for (i64 i = 0; i < rows; ++i, logits += n, out += n) {
    full_pack<T> const top(row_max<T, N>(logits, n));
    T const sum =
        row_sum_exp<T, N>(logits, n, top, [](i64, i64, auto const&, auto const&) __attribute__((always_inline)) {});
    full_pack<T> const shift = simd::log(full_pack<T>(sum));
    for_each_register<T, N>(n, [&](i64 j, i64 lanes) __attribute__((always_inline)) {
      store_row(out + j, load_row(logits + j, lanes) - top - shift, lanes);
    });
  }
}

/// loss[i] = sum of labels · -log(softmax(logits)) over row i, and, unless it is null, backprop = softmax(logits) -
/// labels, which may be the memory of either input.
template <class T, i64 N = dynamic>
inline void softmax_cross_entropy(T const* logits, T const* labels, T* loss, T* backprop, i64 rows, i64 columns) {
  extent<N> const n(columns);
  for (i64 i = 0; i < rows; ++i, logits += n, labels += n) {
    if (n == 0) {
      loss[i] = T(0);
      continue;
    }
    full_pack<T> const top(row_max<T, N>(logits, n));
    constexpr bool one_register = N >= 0 && N <= simd::width<T>;
    full_pack<T> kept;
    T const sum =
        row_sum_exp<T, N>(logits, n, top, [&](i64, i64, auto const&, auto const& e) __attribute__((always_inline)) {
          if constexpr (one_register) kept = e;
        });
    full_pack<T> const divisor(sum), shift = simd::log(divisor);
    loss[i] = row_sum<T, N>(n, [&](i64 j, i64 lanes) __attribute__((always_inline)) {
      full_pack<T> const scaled = load_row(logits + j, lanes) - top, label = load_row(labels + j, lanes);
      if (backprop) {
        if constexpr (!one_register) kept = simd::exp(scaled);
        store_row(backprop + i * n + j, kept / divisor - label, lanes);
      }
      return zero_beyond<T>(label * (shift - scaled), lanes);
    });
  }
}

}  // namespace kernel
TFX_END
