// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/reduce_max.hpp>

TFX_BEGIN

/// The smallest along axes; NaN if there is one; ∞, or the largest integer, of none.
struct reduce_min_op : extreme_reduction {
  static constexpr auto name = "Min";
  template <class T>
  static constexpr T identity() {
    using limits = std::numeric_limits<T>;
    return limits::has_infinity ? limits::infinity() : limits::max();
  }
  static constexpr auto combine(auto a, auto b) { return simd::min(a, b); }
  static constexpr auto fold(auto x) { return simd::reduce_min(x); }
};

/// The smallest of x over `axes<…>` (default: all).
template <name Name = "", expression X, int... A, bool Keep = false>
constexpr result_with<reduce_min_op, Name, words<Keep, A...>, X> reduce_min(X const& x, axes_t<A...> = {},
                                                                            keepdims_t<Keep> = {}) {
  return apply<reduce_min_op, Name, words<Keep, A...>>(x);
}

TFX_END
