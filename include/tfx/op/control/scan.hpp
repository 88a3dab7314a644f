// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/control/region_call.hpp>
#include <tfx/op/math/cumsum.hpp>

TFX_BEGIN

namespace detail {
template <i64 Flags, bool Stacks, class F, class Sequences, class Initial>
constexpr auto call_fold(F const& f, Sequences const& sequences, Initial const& initial) {
  constexpr int count = width_of<Initial>;
  return [&]<class... S, class... Q>(std::tuple<S...> const& states, std::tuple<Q...> const& slices) {
    return call_loop<loop_identity<F, S..., Q...>, Stacks ? count : 0, Flags, -1>(
        states, slices, [&](auto const&... arguments) {
          auto const next = as_tuple(f(arguments...));
          static_assert(std::tuple_size_v<decltype(next)> == count, "tfx: a loop's function gives each state anew");
          if constexpr (Stacks) {
            return std::tuple_cat(next, next);
          } else {
            return next;
          }
        });
  }(distinguish_all<call_place<F>, 1>(as_tuple(initial)), distinguish_all<call_place<F>, 128>(as_tuple(sequences)));
}
template <i64 Flags, bool Stacks, class F, class Sequences, class Initial>
using fold_call = decltype(call_fold<Flags, Stacks>(std::declval<F const&>(), std::declval<Sequences const&>(),
                                                    std::declval<Initial const&>()));
template <name Name, i64 Flags, bool Stacks, class F, class Sequences, class Initial>
concept makes_fold = fold_call<Flags, Stacks, F, Sequences, Initial>::template fits<Name>;
template <name Name, i64 Flags, bool Stacks, class F, class Sequences, class Initial>
using fold_refused = region_refused<fold_call<Flags, Stacks, F, Sequences, Initial>, Name>;
}  // namespace detail

/// A recurrence along the first axis: `f(state, slice)` gives the next state, from `initial` on; the result is every
/// state, stacked along a new first axis. `scan([&](auto h, auto x) { return tanh(matmul(h, w) + x); }, xs, h0)`.
/// Several states and several sequences are written fetch(a, b); f then takes all states and then all slices, and gives
/// fetch(…), and so does the scan. The length may be known at run time only. A state has one dtype and shape
/// throughout. What f mentions from outside is computed once. Gradients of any order: what an iteration must remember
/// is kept for each. With `reversed` behind `initial` it runs from the last slice to the first.
template <name Name = "", class F, class Q, class S>
  requires detail::makes_fold<Name, 0, true, F, Q, S>
constexpr auto scan(F const& f, Q const& sequences, S const& initial) {
  return detail::call_fold<0, true>(f, sequences, initial).template values<Name>();
}
template <name Name = "", class F, class Q, class S>
  requires detail::makes_fold<Name, loop_form::backward, true, F, Q, S>
constexpr auto scan(F const& f, Q const& sequences, S const& initial, reversed_t) {
  return detail::call_fold<loop_form::backward, true>(f, sequences, initial).template values<Name>();
}
template <name Name = "", class F, class Q, class S, class... Reversed>
  requires(!detail::makes_fold<Name, 0, true, F, Q, S>)
detail::fold_refused<Name, 0, true, F, Q, S> scan(F const&, Q const&, S const&, Reversed...);

TFX_END
