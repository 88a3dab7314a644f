// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/fill.hpp>
#include <tfx/op/array/stop_gradient.hpp>
#include <tfx/op/array/where.hpp>
#include <tfx/op/math/exp.hpp>
#include <tfx/op/math/is_finite.hpp>
#include <tfx/op/math/log.hpp>
#include <tfx/op/math/reduce_max.hpp>
#include <tfx/op/math/subtract.hpp>

TFX_BEGIN

namespace detail {
/// The types of the steps of log(sum(exp(x - top))) + top, where top is the largest, or 0 if that is infinite.
template <class X, int... A>
struct log_sum_exp {
  using kept = words<true, A...>;
  using zero = decltype(zeros<typename X::value_type>(shape<>));
  using largest = result_with<reduce_max_op, "", kept, X>;
  using finite = result_t<is_finite_op, "", largest>;
  using top = result_t<stop_gradient_op, "", result_t<where_op, "", finite, largest, zero>>;
  using powers = result_t<exp_op, "", result_t<subtract_op, "", X, top>>;
  using sum = result_with<reduce_sum_op, "", kept, powers>;
  using type = result_t<add_op, "", result_t<log_op, "", sum>, top>;

  static constexpr type of(X const& x) {
    auto const most = apply<reduce_max_op, "", kept>(x);
    auto const shift = stop_gradient(where(is_finite(most), most, zero{}));
    return log(apply<reduce_sum_op, "", kept>(exp(x - shift))) + shift;
  }
};
template <untyped X, int... A>
struct log_sum_exp<X, A...> {
  using type = X;
  static constexpr X of(X const& x) {
    X const most = apply<reduce_max_op, "", words<true, A...>>(x);
    X const shift = stop_gradient(where(is_finite(most), most, scalar_like(most, 0.0)));
    return log(apply<reduce_sum_op, "", words<true, A...>>(exp(x - shift))) + shift;
  }
};
template <class X, int... A>
using log_sum_exp_t = typename log_sum_exp<X, A...>::type;
}  // namespace detail

/// log of the sum of eˣ over `axes<…>` (default: all), without overflow; -∞ of none.
template <name Name = "", expression X, int... A>
constexpr result_with<reduce_sum_op, Name, words<false, A...>, detail::log_sum_exp_t<X, A...>> reduce_logsumexp(
    X const& x, axes_t<A...> = {}) {
  return apply<reduce_sum_op, Name, words<false, A...>>(detail::log_sum_exp<X, A...>::of(x));
}
template <expression X, int... A>
constexpr detail::log_sum_exp_t<X, A...> reduce_logsumexp(X const& x, axes_t<A...>, keepdims_t<true>) {
  return detail::log_sum_exp<X, A...>::of(x);
}

TFX_END
