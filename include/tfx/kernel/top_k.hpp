// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <tfx/kernel/argmax.hpp>

TFX_BEGIN
namespace kernel {

/// Whether `a` comes before `b` in a row's order: larger first, NaN last.
template <class T>
TFX_INLINE constexpr bool is_before(T a, T b) {
  return a > b || (b != b && a == a);
}

/// The first `k` of `n` places 0, 1, 2, … in the order `before`, in that order. What is kept so far is a heap in `out`
/// whose front is the last of them: memory for all places is not needed.
template <class Before, class Item, class Out>
inline void take_first(i64 n, Out* out, i64 k, Item item, Before before) {
  if (k == 0) return;
  for (i64 i = 0; i < k; ++i) out[i] = item(i);
  std::make_heap(out, out + k, before);
  for (i64 i = k; i < n; ++i) {
    if (!before(item(i), out[0])) continue;
    std::pop_heap(out, out + k, before);
    out[k - 1] = item(i);
    std::push_heap(out, out + k, before);
  }
  std::sort_heap(out, out + k, before);
}

/// The k largest of x[n], largest first, of equal ones the first first: their places, or, with `places` null, only
/// their values.
template <class T>
inline void top_k(T const* x, i64 n, T* values, std::int32_t* places, i64 k) {
  if (places == nullptr) {
    take_first(n, values, k, [&](i64 i) { return x[i]; }, [](T a, T b) { return is_before(a, b); });
  } else if (k == 1) {
    places[0] = static_cast<std::int32_t>(best_of<largest>(x, n));
  } else {
    take_first(
        n, places, k, [](i64 i) { return static_cast<std::int32_t>(i); },
        [x](std::int32_t a, std::int32_t b) { return is_before(x[a], x[b]) || (a < b && !is_before(x[b], x[a])); });
  }
  for (i64 i = 0; places != nullptr && values != nullptr && i < k; ++i) values[i] = x[places[i]];
}

}  // namespace kernel
TFX_END
