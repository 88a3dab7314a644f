// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/control/region_call.hpp>

TFX_BEGIN

namespace detail {
template <class P, class T, class F>
constexpr auto call_branch(P const& predicate, T const& on_true, F const& on_false) {
  auto const yes = distinguish_all<call_place<T>, 1>(as_tuple(on_true()));
  auto const no = distinguish_all<call_place<T>, 128>(as_tuple(on_false()));
  constexpr int count = std::tuple_size_v<decltype(yes)>;
  static_assert(std::tuple_size_v<decltype(no)> == count, "tfx: both branches give as many values");
  return make_call<branch_op, words<count>, 0, count>(
      std::tuple_cat(distinguish_all<call_place<T>, 256>(std::tuple<P>{predicate}), yes, no));
}
template <class P, class T, class F>
using branch_call = decltype(call_branch(std::declval<P const&>(), std::declval<T const&>(), std::declval<F const&>()));
}  // namespace detail

/// `on_true()` where the bool scalar is true, else `on_false()`: `cond(x > 0.0f, [&] { return log(x); }, [&] { return
/// x; })`. Both give values of one dtype and shape, several as fetch(…). Only what one of them alone needs waits for
/// the decision: the branch that is not taken does not run.
template <name Name = "", expression P, class T, class F>
  requires(detail::branch_call<P, T, F>::template fits<Name>)
constexpr auto cond(P const& predicate, T const& on_true, F const& on_false) {
  return detail::call_branch(predicate, on_true, on_false).template values<Name>();
}
template <name Name = "", expression P, class T, class F>
  requires(!detail::branch_call<P, T, F>::template fits<Name>)
detail::region_refused<detail::branch_call<P, T, F>, Name> cond(P const&, T const&, F const&);

TFX_END
