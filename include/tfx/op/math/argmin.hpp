// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/argmax.hpp>

TFX_BEGIN

/// The place of the smallest value along an axis, the first among equals. Constant to derivatives.
struct argmin_op : arg_reduction {
  static constexpr auto name = "ArgMin";
  template <class Call>
  static void run(Call const& call) {
    constexpr dims x = Call::in_shape(0);
    constexpr int axis = attributes(Call::attributes()).place(x.rank);
    i64 const outer = call.count(x, 0, axis), inner = call.count(x, axis + 1, x.rank);
    if constexpr (axis == x.rank - 1) {
      using T = typename Call::template in_type<0>;
      kernel::argmin<T, (x[axis] >= 0 ? x[axis] : kernel::dynamic)>(call.template in<0>(), call.out(), outer,
                                                                    length(call));
    } else {
      kernel::argmin(call.template in<0>(), call.out(), outer, length(call), inner);
    }
  }
};

/// Where x is smallest along an axis (default: the first): `argmin(error, axis<1>)`; int64, or `argmin<std::int32_t>`.
template <name Name = "", expression X, int A = 0>
constexpr result_with<argmin_op, Name, words<A, static_cast<i64>(dtype::int64)>, X> argmin(X const& x, axes_t<A> = {}) {
  return apply<argmin_op, Name, words<A, static_cast<i64>(dtype::int64)>>(x);
}
template <element T, expression X, int A = 0>
constexpr result_with<argmin_op, "", words<A, static_cast<i64>(dtype_of<T>)>, X> argmin(X const& x, axes_t<A> = {}) {
  return apply<argmin_op, "", words<A, static_cast<i64>(dtype_of<T>)>>(x);
}

TFX_END
