// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/argmax.hpp>

TFX_BEGIN

struct argmin_op : arg_reduction<kernel::smallest> {
  static constexpr auto name = "ArgMin";
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
