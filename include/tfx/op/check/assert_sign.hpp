// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/check/assert.hpp>
#include <tfx/op/math/greater.hpp>
#include <tfx/op/math/greater_equal.hpp>
#include <tfx/op/math/less.hpp>
#include <tfx/op/math/less_equal.hpp>

TFX_BEGIN

namespace detail {
/// Zero beside X, known to the compiler.
template <class X>
constexpr auto zero_beside(X const& x) {
  if constexpr (untyped<X>) {
    return scalar_like(x, 0.0);
  } else {
    return result_with<splat_op, "", words<0, static_cast<i64>(dtype_of<typename X::value_type>)>>{};
  }
}
template <class Op, name Name, name Function, name Condition, auto Site, name Message, int Summarize, class X>
constexpr auto assert_sign(X const& given, message_t<Message>, summarize_t<Summarize>) {
  auto const& x = lift<X, Site>(given, given);
  using Source = assertion<Function, Condition, Message, Summarize, 0, std::remove_cvref_t<decltype(x)>>;
  return assert_holds<Name, Source>(apply<Op>(x, zero_beside(x)), x);
}
}  // namespace detail

// Each ends a run with InvalidArgumentError where its condition does not hold for all elements of x, real numbers; NaN
// fails, no elements hold. `message<"…">` begins what is said, `summarize<N>` says how many elements are shown. The
// result is an operation: `with_dependencies(assert_positive(x, message<"x is a length">), sqrt(x))`.

/// x > 0.
template <name Name = "", expression X, name Message = "", int Summarize = 3, auto Site = [] {}>
constexpr auto assert_positive(X const& x, message_t<Message> says = {}, summarize_t<Summarize> shows = {}) {
  return detail::assert_sign<greater_op, Name, "assert_positive", "x > 0", Site>(x, says, shows);
}
/// x < 0.
template <name Name = "", expression X, name Message = "", int Summarize = 3, auto Site = [] {}>
constexpr auto assert_negative(X const& x, message_t<Message> says = {}, summarize_t<Summarize> shows = {}) {
  return detail::assert_sign<less_op, Name, "assert_negative", "x < 0", Site>(x, says, shows);
}
/// x ≥ 0.
template <name Name = "", expression X, name Message = "", int Summarize = 3, auto Site = [] {}>
constexpr auto assert_non_negative(X const& x, message_t<Message> says = {}, summarize_t<Summarize> shows = {}) {
  return detail::assert_sign<greater_equal_op, Name, "assert_non_negative", "x >= 0", Site>(x, says, shows);
}
/// x ≤ 0.
template <name Name = "", expression X, name Message = "", int Summarize = 3, auto Site = [] {}>
constexpr auto assert_non_positive(X const& x, message_t<Message> says = {}, summarize_t<Summarize> shows = {}) {
  return detail::assert_sign<less_equal_op, Name, "assert_non_positive", "x <= 0", Site>(x, says, shows);
}

TFX_END
