// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/simd/simd.hpp>

TFX_BEGIN
namespace kernel {

/// `Rows` rows of n at once, since each waits for its own last product.
template <int Rows, bool Adds, class T>
inline void recurrence_of_rows(T const* a, T const* b, T* z, i64 n, i64 at, i64 step) {
  T value[Rows];
  for (int r = 0; r < Rows; ++r) {
    z[r * n + at] = Adds ? T(0) : T(1);
    value[r] = (Adds ? b : a)[r * n + at];
  }
  for (i64 i = 1; i < n; ++i) {
    at += step;
    TFX_UNROLL for (int r = 0; r < Rows; ++r) {
      i64 const place = r * n + at;
      z[place] = value[r];
      value[r] *= a[place];
      if constexpr (Adds) value[r] += b[place];
    }
  }
}

/// to[inner] = a · from + b.
template <bool Adds, class T>
inline void recurrence_step(T const* a, T const* b, T const* from, T* to, i64 inner) {
  constexpr int l = simd::width<T>;
  using pack = simd::pack<T, l>;
  i64 j = 0;
  for (; j + l <= inner; j += l) {
    pack next = pack::load(a + j) * pack::load(from + j);
    if constexpr (Adds) next = next + pack::load(b + j);
    next.store(to + j);
  }
  for (; j < inner; ++j) {
    T next = a[j] * from[j];
    if constexpr (Adds) next += b[j];
    to[j] = next;
  }
}

/// Along the middle axis of [outer, n, inner], forwards or in reverse: z[0] = 0 and z[i + 1] = a[i] · z[i] + b[i] where
/// there is something that it `Adds`, else z[0] = 1 and z[i + 1] = a[i] · z[i]. In z[1] nothing is multiplied: an
/// infinite a[0] times 0 would be NaN.
template <bool Adds, class T>
inline void linear_recurrence(T const* a, T const* b, T* z, i64 outer, i64 n, i64 inner, bool reverse) {
  if (n == 0) return;
  i64 const step = reverse ? -inner : inner, begin = reverse ? (n - 1) * inner : 0;
  constexpr int rows = 8;
  for (i64 o = 0; o < outer;) {
    i64 const first = o * n * inner;
    if (inner == 1) {
      T const* const added = Adds ? b + first : nullptr;
      bool const many = o + rows <= outer;
      (many ? recurrence_of_rows<rows, Adds, T> : recurrence_of_rows<1, Adds, T>)(a + first, added, z + first, n, begin,
                                                                                  step);
      o += many ? rows : 1;
      continue;
    }
    T* to = z + first + begin;
    for (i64 j = 0; j < inner; ++j) to[j] = Adds ? T(0) : T(1);
    for (i64 i = 1, at = first + begin; i < n; ++i, at += step) {
      T const* const from = to;
      to += step;
      if (i == 1) {
        for (i64 j = 0; j < inner; ++j) to[j] = (Adds ? b : a)[at + j];
      } else {
        recurrence_step<Adds>(a + at, Adds ? b + at : nullptr, from, to, inner);
      }
    }
    ++o;
  }
}

}  // namespace kernel
TFX_END
