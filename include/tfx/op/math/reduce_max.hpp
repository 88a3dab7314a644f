// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <limits>
#include <tfx/op/math/cast.hpp>
#include <tfx/op/math/divide.hpp>
#include <tfx/op/math/equal.hpp>
#include <tfx/op/math/reduce_sum.hpp>

TFX_BEGIN

/// What reduce_max and reduce_min share: elements that are the extreme share the gradient equally.
struct extreme_reduction : reduction {
  static constexpr void infer(inference& call) {
    any_number(call, call.types[0]);
    infer_shape(call);
  }
  /// For each element its part of the gradient: 1 / ties where it is the extreme, else 0.
  static constexpr handle shares(auto const& call) {
    handle const x = call.x(0);
    handle const selected = cast(equal(x, restore(call, call.y())), x.type());
    return selected / restore(call, sum_alike(call, selected));
  }
  static constexpr void gradient(auto& call) { call.dx[0] = shares(call) * restore(call, call.dy); }
  static constexpr void tangent(auto& call) { call.tangent = sum_alike(call, shares(call) * call.dx[0]); }
};

/// The largest along axes; NaN if there is one; -∞, or the least integer, of none.
struct reduce_max_op : extreme_reduction {
  static constexpr auto name = "Max";
  template <class T>
  static constexpr T identity() {
    using limits = std::numeric_limits<T>;
    return limits::has_infinity ? -limits::infinity() : limits::lowest();
  }
  static constexpr auto combine(auto a, auto b) { return simd::max(a, b); }
  static constexpr auto fold(auto x) { return simd::reduce_max(x); }
};

/// The largest of x over `axes<…>` (default: all): `reduce_max(x, axis<0>, keepdims)`.
template <name Name = "", expression X, int... A, bool Keep = false>
constexpr result_with<reduce_max_op, Name, words<Keep, A...>, X> reduce_max(X const& x, axes_t<A...> = {},
                                                                            keepdims_t<Keep> = {}) {
  return apply<reduce_max_op, Name, words<Keep, A...>>(x);
}

TFX_END
