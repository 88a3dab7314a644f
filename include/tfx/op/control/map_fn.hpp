// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/control/region_call.hpp>

TFX_BEGIN

namespace detail {
template <class F, class Sequences>
constexpr auto call_map(F const& f, Sequences const& sequences) {
  return [&]<class... Q>(std::tuple<Q...> const& slices) {
    constexpr u64 identity = loop_identity<F, Q...>;
    using Results = decltype(std::apply(f, loop_arguments<identity, 0, true>(slices)));
    return call_loop<identity, width_of<Results>, 0, -1>(
        std::tuple<>{}, slices, [&](auto const&... arguments) { return as_tuple(f(arguments...)); });
  }(distinguish_all<call_place<F>, 128>(as_tuple(sequences)));
}
template <class F, class Sequences>
using map_call = decltype(call_map(std::declval<F const&>(), std::declval<Sequences const&>()));
}  // namespace detail

/// What f makes of each slice along the first axis, stacked: `map_fn([&](auto x) { return matmul(x, w); }, xs)`.
/// Several sequences, and several results, are written fetch(a, b).
template <name Name = "", class F, class Q>
  requires(detail::map_call<F, Q>::template fits<Name>)
constexpr auto map_fn(F const& f, Q const& sequences) {
  return detail::call_map(f, sequences).template values<Name>();
}
template <name Name = "", class F, class Q>
  requires(!detail::map_call<F, Q>::template fits<Name>)
detail::region_refused<detail::map_call<F, Q>, Name> map_fn(F const&, Q const&);

TFX_END
