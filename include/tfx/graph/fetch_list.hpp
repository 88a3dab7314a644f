// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/config.hpp>
#include <tuple>
#include <utility>

TFX_BEGIN

namespace detail {
// What std::tuple would do, without what it costs the compiler for each list of types.
template <int I, class X>
struct fetch_item {
  X x;
};
template <class Indices, class... X>
struct fetch_items;
template <int... I, class... X>
struct fetch_items<std::integer_sequence<int, I...>, X...> : fetch_item<I, X>... {
  template <class F>
  constexpr void apply(F f) const {
    f(fetch_item<I, X>::x...);
  }
};
}  // namespace detail

/// Several fetches of one run, `auto [a, b] = sess.run(fetch(x, y))`, or what else several expressions are taken for
/// one: the values of a loop.
template <class... X>
struct [[nodiscard]] fetch_list : detail::fetch_items<std::make_integer_sequence<int, sizeof...(X)>, X...> {};
template <class... F>
constexpr fetch_list<F...> fetch(F const&... f) {
  return {{{f}...}};
}

namespace detail {
template <class... X>
constexpr std::tuple<X...> as_tuple(fetch_list<X...> const& list) {
  return [&]<int... I>(std::integer_sequence<int, I...>) {
    return std::tuple<X...>{static_cast<fetch_item<I, X> const&>(list).x...};
  }(std::make_integer_sequence<int, sizeof...(X)>{});
}
}  // namespace detail

TFX_END
