// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/control/scan.hpp>

TFX_BEGIN

/// The last state of a recurrence along the first axis, see scan: `foldl([](auto sum, auto x) { return sum + x; }, xs,
/// zero)`. Of no slice it is `initial`.
template <name Name = "", class F, class Q, class S>
  requires detail::makes_fold<Name, 0, false, F, Q, S>
constexpr auto foldl(F const& f, Q const& sequences, S const& initial) {
  return detail::call_fold<0, false>(f, sequences, initial).template values<Name>();
}
template <name Name = "", class F, class Q, class S>
  requires(!detail::makes_fold<Name, 0, false, F, Q, S>)
detail::fold_refused<Name, 0, false, F, Q, S> foldl(F const&, Q const&, S const&);

TFX_END
