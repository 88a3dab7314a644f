// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/hash.hpp>

TFX_BEGIN

namespace detail {
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-template-friend"
#endif
template <u64 Context, int N>
struct site_key {
  friend constexpr int site_taken(site_key);
};
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
template <u64 Context, int N>
struct take_site {
  friend constexpr int site_taken(site_key<Context, N>) { return N; }
  static constexpr int value = N;
};
template <class Key, class Site, int = site_taken(Key{})>
constexpr bool is_taken(int) {
  return true;
}
template <class Key, class Site>
constexpr bool is_taken(...) {
  return false;
}
template <u64 Context, class Site, int N = 0>
constexpr int first_free_site() {
  if constexpr (is_taken<site_key<Context, N>, Site>(0)) {
    return first_free_site<Context, Site, N + 1>();
  } else {
    return take_site<Context, N>::value;
  }
}
}  // namespace detail

/// Tells textual places apart: a small number for the place `Site` (a lambda's type from a default template argument)
/// among all places that share `Context`. It only ever names a leaf, so that a translation unit with other numbers in
/// another order still builds equal graphs for equal content.
template <u64 Context, class Site>
inline constexpr int site_index = detail::first_free_site<Context, Site>();

TFX_END
