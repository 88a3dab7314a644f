// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/kernel/shuffle.hpp>

TFX_BEGIN
/// Places of the largest and smallest values. Among equals the first counts; any number is better than NaN, and of NaN
/// alone the place is 0.
namespace kernel {

struct largest {
  template <class T>
  TFX_INLINE static constexpr bool better(T a, T b) {
    return a > b;
  }
};
struct smallest {
  template <class T>
  TFX_INLINE static constexpr bool better(T a, T b) {
    return a < b;
  }
};

/// The place of the first of x[n] that is not NaN; 0 where all are.
template <class T>
[[gnu::noinline]] i64 first_number(T const* x, i64 n) {
  for (i64 i = 0; i < n; ++i)
    if (x[i] == x[i]) return i;
  return 0;
}

/// The place of the best of x[n], n >= 1.
template <class Order, class T>
inline i64 best_of(T const* x, i64 n) {
  constexpr bool vectorised = std::is_arithmetic_v<T> && sizeof(T) >= 4 && sizeof(T) <= 8;
  i64 place = 0;
  if (x[0] != x[0]) place = first_number(x, n);  // no later NaN is better than a number
  T best = x[place];
  i64 i = 1;
  if constexpr (vectorised) {
    constexpr i64 l = simd::width<T>, chains = 4, block = 16 * chains * l;
    using pack = simd::pack<T, int(l)>;
    i64 from = -1;
    for (i = 0; i + chains * l <= n;) {  // only the block with the best value is searched for its place
      i64 const end = i + block < n ? i + block : n, start = i;
      pack top[chains] = {pack(best), pack(best), pack(best), pack(best)};
      for (; i + chains * l <= end; i += chains * l) TFX_UNROLL for (int c = 0; c < chains; ++c) {
          pack const v = pack::load(x + i + c * l);
          if constexpr (std::is_same_v<Order, largest>) {
            top[c] = simd::select(v > top[c], v, top[c]);
          } else {
            top[c] = simd::select(v < top[c], v, top[c]);
          }
        }
      T lanes[chains * l];
      TFX_UNROLL for (int c = 0; c < chains; ++c) { top[c].store(lanes + c * l); }
      T found = best;
      for (T const v : lanes)
        if (Order::better(v, found)) found = v;
      if (Order::better(found, best)) {
        best = found;
        from = start;
      }
    }
    if (from >= 0)
      for (place = from; !(x[place] == best);) ++place;
  }
  for (; i < n; ++i)
    if (Order::better(x[i], best)) {
      best = x[i];
      place = i;
    }
  return place;
}

/// The best of each of `width` columns of x[n, inner]; with `Nan` some of the first row are no numbers.
template <class Order, bool Nan, class T, class Index>
inline void best_of_block(T const* x, T* best, Index* place, i64 n, i64 inner, i64 width) {
  for (i64 i = 1; i < n; ++i)
    for (i64 j = 0; j < width; ++j) {
      T const v = x[i * inner + j];
      bool better = Order::better(v, best[j]);
      if constexpr (Nan) better = better | ((best[j] != best[j]) & (v == v));
      best[j] = better ? v : best[j];
      place[j] = better ? Index(i) : place[j];
    }
}

/// The same for each of `inner` columns of x[n, inner].
template <class Order, class T, class Index>
inline void best_of_columns(T const* x, Index* out, i64 n, i64 inner) {
  constexpr i64 block = 64;
  for (i64 j0 = 0; j0 < inner; j0 += block) {
    i64 const width = inner - j0 < block ? inner - j0 : block;
    T best[block];
    Index place[block] = {};
    bool nan = false;
    for (i64 j = 0; j < width; ++j) {
      best[j] = x[j0 + j];
      nan |= best[j] != best[j];
    }
    if (nan) {
      best_of_block<Order, true>(x + j0, best, place, n, inner, width);
    } else {
      best_of_block<Order, false>(x + j0, best, place, n, inner, width);
    }
    for (i64 j = 0; j < width; ++j) out[j0 + j] = place[j];
  }
}

/// out[outer, inner] = place of the best value along the middle axis of in[outer, axis, inner], axis >= 1.
template <class Order, class T, class Index>
inline void best_along_axis(T const* in, Index* out, i64 outer, i64 axis, i64 inner) {
  static_assert(std::is_same_v<Index, std::int32_t> || std::is_same_v<Index, std::int64_t>,
                "argmax: the result is int32 or int64");
  for (i64 i = 0; i < outer; ++i) {
    if (inner == 1) {
      out[i] = Index(best_of<Order>(in + i * axis, axis));
    } else {
      best_of_columns<Order>(in + i * axis * inner, out + i * inner, axis, inner);
    }
  }
}

}  // namespace kernel
TFX_END
