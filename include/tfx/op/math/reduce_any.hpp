// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/reduce_sum.hpp>

TFX_BEGIN

/// Whether any is true along axes; false of none.
struct reduce_any_op : reduction {
  static constexpr auto name = "Any";
  static constexpr void infer(inference& call) {
    only_bool(call, call.types[0]);
    infer_shape(call);
  }
  static constexpr auto gradient = constant_to_derivatives;
  template <class T>
  static constexpr T identity() {
    return false;
  }
  static constexpr auto combine(auto a, auto b) { return a || b; }
  static constexpr auto fold(auto x) { return simd::reduce_or(x); }
};

/// Whether any of x is true over `axes<…>` (default: all).
template <name Name = "", expression X, int... A, bool Keep = false>
constexpr result_with<reduce_any_op, Name, words<Keep, A...>, X> reduce_any(X const& x, axes_t<A...> = {},
                                                                            keepdims_t<Keep> = {}) {
  return apply<reduce_any_op, Name, words<Keep, A...>>(x);
}

TFX_END
