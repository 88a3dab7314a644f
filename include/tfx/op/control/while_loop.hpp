// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/control/region_call.hpp>

TFX_BEGIN

/// After so many iterations a loop that wants to go on is refused by the run; gradients need a bound.
template <int N>
struct maximum_iterations_t {
  static_assert(N >= 0, "while_loop: not less than no iteration");
};
template <int N>
inline constexpr maximum_iterations_t<N> maximum_iterations{};

namespace detail {
template <i64 Most, class C, class F, class... X>
constexpr auto call_while(C const& condition, F const& f, X const&... initial) {
  return [&]<class... S>(std::tuple<S...> const& states) {
    return call_loop<loop_identity<F, S...>, 0, loop_form::predicated, Most>(
        states, std::tuple<>{}, [&](auto const&... arguments) {
          auto const next = as_tuple(f(arguments...));
          static_assert(std::tuple_size_v<decltype(next)> == sizeof...(X),
                        "tfx: a loop's function gives each state anew");
          return std::tuple_cat(std::tuple{condition(arguments...)}, next);
        });
  }(distinguish_all<call_place<F>, 1>(std::tuple<X...>{initial...}));
}
// What is no expression at all has no such call: clang asks for it before it asks for a constraint.
template <bool Expressions>
struct while_calls {};
template <>
struct while_calls<true> {
  template <i64 Most, class C, class F, class... X>
  using type =
      decltype(call_while<Most>(std::declval<C const&>(), std::declval<F const&>(), std::declval<X const&>()...));
};
template <i64 Most, class C, class F, class... X>
using while_call = typename while_calls<(expression<X> && ...)>::template type<Most, C, F, X...>;
}  // namespace detail

/// `f(states…)` gives the next states as long as `condition(states…)`, a bool scalar, is true: `auto [i, x] =
/// while_loop([](auto i, auto) { return i < 10; }, [](auto i, auto x) { return fetch(i + 1, x * x); }, i0, x0)`. States
/// keep their dtypes and shapes. With `maximum_iterations<N>` before the functions it has gradients.
template <name Name = "", class C, class F, expression... X>
  requires(detail::while_call<-1, C, F, X...>::template fits<Name>)
constexpr auto while_loop(C const& condition, F const& f, X const&... initial) {
  return detail::call_while<-1>(condition, f, initial...).template values<Name>();
}
template <name Name = "", class C, class F, expression... X, int N>
  requires(detail::while_call<N, C, F, X...>::template fits<Name>)
constexpr auto while_loop(maximum_iterations_t<N>, C const& condition, F const& f, X const&... initial) {
  return detail::call_while<N>(condition, f, initial...).template values<Name>();
}
template <name Name = "", class C, class F, expression... X>
  requires(!detail::while_call<-1, C, F, X...>::template fits<Name>)
detail::region_refused<detail::while_call<-1, C, F, X...>, Name> while_loop(C const&, F const&, X const&...);
template <name Name = "", class C, class F, expression... X, int N>
  requires(!detail::while_call<N, C, F, X...>::template fits<Name>)
detail::region_refused<detail::while_call<N, C, F, X...>, Name> while_loop(maximum_iterations_t<N>, C const&, F const&,
                                                                           X const&...);

TFX_END
