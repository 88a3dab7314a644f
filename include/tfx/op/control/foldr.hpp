// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/control/scan.hpp>

TFX_BEGIN

/// The same as foldl from the last slice to the first: `foldr([](auto sum, auto x) { return sum + x; }, xs, zero)`.
template <name Name = "", class F, class Q, class S>
  requires detail::makes_fold<Name, loop_form::backward, false, F, Q, S>
constexpr auto foldr(F const& f, Q const& sequences, S const& initial) {
  return detail::call_fold<loop_form::backward, false>(f, sequences, initial).template values<Name>();
}
template <name Name = "", class F, class Q, class S>
  requires(!detail::makes_fold<Name, loop_form::backward, false, F, Q, S>)
detail::fold_refused<Name, loop_form::backward, false, F, Q, S> foldr(F const&, Q const&, S const&);

TFX_END
