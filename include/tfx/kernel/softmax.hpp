// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>
#include <cstddef>
#include <tfx/kernel/extent.hpp>
#include <tfx/kernel/shuffle.hpp>
#include <tfx/simd/simd.hpp>
#include <type_traits>

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

/// exp(x - top) over a row and their sum. For a pass that follows they are kept: in a register where one holds the row,
/// else in `out`, unless that is nullptr.
template <class T, i64 N, class Out>
struct row_exponentials {
  static constexpr bool in_register = N >= 0 && N <= simd::width<T>;
  Out out;
  full_pack<T> kept;
  T sum;

  TFX_INLINE row_exponentials(T const* x, i64 n, full_pack<T> const& top, Out memory) : out(memory) {
    sum = row_sum<T, N>(n, [&](i64 j, i64 lanes) __attribute__((always_inline)) {
      full_pack<T> const e = simd::exp(load_row(x + j, lanes) - top);
      if constexpr (in_register) {
        kept = e;
      } else if constexpr (!std::is_null_pointer_v<Out>) {
        store_row(out + j, e, lanes);
      }
      return zero_beyond<T>(e, lanes);
    });
  }
  TFX_INLINE full_pack<T> at(i64 j, i64 lanes) const {
    if constexpr (in_register) {
      return kept;
    } else {
      return load_row(out + j, lanes);
    }
  }
  /// out = each of them / their sum.
  TFX_INLINE void store_shares(i64 n) const {
    full_pack<T> const divisor(sum);
    for_each_register<T, N>(
        n, [&](i64 j, i64 lanes) __attribute__((always_inline)) { store_row(out + j, at(j, lanes) / divisor, lanes); });
  }
};

/// out = exp(logits) / sum of exp(logits), by rows of n; in place too.
template <class T, i64 N = dynamic>
inline void softmax(T const* logits, T* out, i64 rows, i64 columns) {
  extent<N> const n(columns);
  if (n == 0) return;
  for (i64 i = 0; i < rows; ++i, logits += n, out += n) {
    row_exponentials<T, N, T*> const e(logits, n, full_pack<T>(row_max<T, N>(logits, n)), out);
    e.store_shares(n);
  }
}

/// out = logits - log(sum of exp(logits)), by rows of n; in place too.
template <class T, i64 N = dynamic>
inline void log_softmax(T const* logits, T* out, i64 rows, i64 columns) {
  extent<N> const n(columns);
  if (n == 0) return;
  for (i64 i = 0; i < rows; ++i, logits += n, out += n) {
    full_pack<T> const top(row_max<T, N>(logits, n));
    row_exponentials<T, N, std::nullptr_t> const e(logits, n, top, nullptr);
    full_pack<T> const shift = simd::log(full_pack<T>(e.sum));
    for_each_register<T, N>(n, [&](i64 j, i64 lanes) __attribute__((always_inline)) {
      store_row(out + j, load_row(logits + j, lanes) - top - shift, lanes);
    });
  }
}

/// loss[i] = sum of labels · -log(softmax(logits)) over row i, and backprop = softmax(logits) - labels. One of the two
/// may be nullptr: it is not computed then.
template <class T, i64 N = dynamic, class Loss, class Backprop>
inline void softmax_cross_entropy(T const* logits, T const* labels, Loss loss, Backprop backprop, i64 rows,
                                  i64 columns) {
  constexpr bool has_loss = !std::is_null_pointer_v<Loss>, has_backprop = !std::is_null_pointer_v<Backprop>;
  extent<N> const n(columns);
  for (i64 i = 0; i < rows; ++i, logits += n, labels += n) {
    if (n == 0) {
      if constexpr (has_loss) loss[i] = T(0);
      continue;
    }
    full_pack<T> const top(row_max<T, N>(logits, n));
    row_exponentials<T, N, Backprop> const e(logits, n, top, backprop);
    full_pack<T> const divisor(e.sum);
    auto const slope = [&](i64 j, i64 lanes, full_pack<T> const& label) __attribute__((always_inline)) {
      if constexpr (has_backprop) store_row(backprop + j, e.at(j, lanes) / divisor - label, lanes);
    };
    if constexpr (has_loss) {
      full_pack<T> const shift = simd::log(divisor);
      loss[i] = row_sum<T, N>(n, [&](i64 j, i64 lanes) __attribute__((always_inline)) {
        full_pack<T> const scaled = load_row(logits + j, lanes) - top, label = load_row(labels + j, lanes);
        slope(j, lanes, label);
        return zero_beyond<T>(label * (shift - scaled), lanes);
      });
    } else {
      for_each_register<T, N>(
          n, [&](i64 j, i64 lanes) __attribute__((always_inline)) { slope(j, lanes, load_row(labels + j, lanes)); });
    }
    if constexpr (has_backprop) backprop += n;
  }
}

/// The same where row i of labels is a one at labels[i] among zeros.
template <class T, i64 N = dynamic, class Label, class Loss, class Backprop>
inline void sparse_softmax_cross_entropy(T const* logits, Label const* labels, Loss loss, Backprop backprop, i64 rows,
                                         i64 columns) {
  extent<N> const n(columns);
  for (i64 i = 0; i < rows; ++i, logits += n) {
    T const top = row_max<T, N>(logits, n);
    row_exponentials<T, N, Backprop> const e(logits, n, full_pack<T>(top), backprop);
    if constexpr (!std::is_null_pointer_v<Loss>) loss[i] = std::log(e.sum) - (logits[labels[i]] - top);
    if constexpr (!std::is_null_pointer_v<Backprop>) {
      e.store_shares(n);
      backprop[labels[i]] -= T(1);
      backprop += n;
    }
  }
}

}  // namespace kernel
TFX_END
