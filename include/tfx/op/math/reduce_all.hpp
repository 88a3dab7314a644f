// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/reduce_sum.hpp>

TFX_BEGIN

/// Whether all are true along axes; true of none.
struct reduce_all_op : reduction {
  static constexpr auto name = "All";
  static constexpr void infer(inference& call) {
    only_bool(call, call.types[0]);
    infer_shape(call);
  }
  static constexpr auto gradient = constant_to_derivatives;
  template <class T>
  static constexpr T identity() {
    return true;
  }
  static constexpr auto combine(auto a, auto b) { return a && b; }
  static constexpr auto fold(auto x) { return simd::reduce_and(x); }
};

/// Whether all of x are true over `axes<…>` (default: all).
template <name Name = "", expression X, int... A, bool Keep = false>
constexpr result_with<reduce_all_op, Name, words<Keep, A...>, X> reduce_all(X const& x, axes_t<A...> = {},
                                                                            keepdims_t<Keep> = {}) {
  return apply<reduce_all_op, Name, words<Keep, A...>>(x);
}

TFX_END
