// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/effects.hpp>
#include <tuple>

TFX_BEGIN

namespace detail {
/// A tuple of results, or the first of them that is a refusal.
template <class... Result>
struct all_results {
  using type = std::tuple<Result...>;
};
template <class Result, class... Rest>
  requires(!requires { sizeof(Result); })
struct all_results<Result, Rest...> {
  using type = Result;
};
template <class Result, class... Rest>
  requires(requires { sizeof(Result); } && !(requires { sizeof(Rest); } && ...))
struct all_results<Result, Rest...> : all_results<Rest...> {};
template <class X>
using gradient_words = std::conditional_t<untyped<X> || distinct<X>, words<>, words<1>>;
}  // namespace detail

/// The derivative of the sum of `y` along each of `x…`, a tuple with their shapes: `auto [dw, db] = gradients(loss, w,
/// b);`
template <expression Y, expression... X>
constexpr auto gradients(Y const& y, X const&... x) ->
    typename detail::all_results<result_with<gradients_op, "", detail::gradient_words<X>, Y, X>...>::type {
  return {apply<gradients_op, "", detail::gradient_words<X>>(y, x)...};
}

/// The directional derivative of `y` where `x` moves along `v` (of x's shape), in forward mode.
template <name Name = "", expression Y, expression X, expression V>
constexpr result_t<jvp_op, Name, Y, X, V> jvp(Y const& y, X const& x, V const& v) {
  return apply<jvp_op, Name>(y, x, v);
}

TFX_END
