// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/check/assert.hpp>
#include <tfx/op/math/equal.hpp>
#include <tfx/op/math/greater.hpp>
#include <tfx/op/math/greater_equal.hpp>
#include <tfx/op/math/less.hpp>
#include <tfx/op/math/less_equal.hpp>
#include <tfx/op/math/not_equal.hpp>

TFX_BEGIN

namespace detail {
template <class Op, name Name, name Function, name Condition, name Message, int Summarize, class X, class Y>
constexpr auto assert_between(X const& x, Y const& y) {
  using Source = assertion<Function, Condition, Message, Summarize, 0, X, Y>;
  return assert_holds<Name, Source>(apply<Op>(x, y), x, y);
}
template <class Op, name Name, name Function, name Condition, auto Site, name Message, int Summarize, class X, class Y>
constexpr auto assert_compared(X const& x, Y const& y, message_t<Message>, summarize_t<Summarize>) {
  auto const& left = lift<Y, Site>(x, y);
  auto const& right = lift<X, Site, 1>(y, x);
  using Left = std::remove_cvref_t<decltype(left)>;
  using Right = std::remove_cvref_t<decltype(right)>;
  using Source =
      assertion<Function, Condition, Message, Summarize, (number<X> ? 1u : 0u) | (number<Y> ? 2u : 0u), Left, Right>;
  return assert_holds<Name, Source>(apply<Op>(left, right), left, right);
}
}  // namespace detail

// Each ends a run with InvalidArgumentError where its condition does not hold for all elements of x and y, whose shapes
// broadcast; no elements hold. A number takes the tensor's dtype. `message<"…">` begins what is said, `summarize<N>`
// says how many elements are shown. The result is an operation: `with_dependencies(assert_less(x, y), z)`.

/// x = y, of numbers, bool and strings; NaN equals nothing.
template <name Name = "", class X, class Y, name Message = "", int Summarize = 3, auto Site = [] {}>
  requires operands<X, Y>
constexpr auto assert_equal(X const& x, Y const& y, message_t<Message> says = {}, summarize_t<Summarize> shows = {}) {
  return detail::assert_compared<equal_op, Name, "assert_equal", "x == y", Site>(x, y, says, shows);
}
/// The same of strings and a plain text: `assert_equal(names, "somebody")`.
template <name Name = "", detail::text_expression X, name Message = "", int Summarize = 3, auto Site = [] {}>
auto assert_equal(X const& x, std::string_view text, message_t<Message> = {}, summarize_t<Summarize> = {}) {
  return detail::assert_between<equal_op, Name, "assert_equal", "x == y", Message, Summarize>(
      x, detail::text_beside<X, Site, 1>(text));
}
/// x ≠ y, of numbers, bool and strings.
template <name Name = "", class X, class Y, name Message = "", int Summarize = 3, auto Site = [] {}>
  requires operands<X, Y>
constexpr auto assert_none_equal(X const& x, Y const& y, message_t<Message> says = {},
                                 summarize_t<Summarize> shows = {}) {
  return detail::assert_compared<not_equal_op, Name, "assert_none_equal", "x != y", Site>(x, y, says, shows);
}
/// The same of strings and a plain text: `assert_none_equal(names, "nobody")`.
template <name Name = "", detail::text_expression X, name Message = "", int Summarize = 3, auto Site = [] {}>
auto assert_none_equal(X const& x, std::string_view text, message_t<Message> = {}, summarize_t<Summarize> = {}) {
  return detail::assert_between<not_equal_op, Name, "assert_none_equal", "x != y", Message, Summarize>(
      x, detail::text_beside<X, Site, 1>(text));
}
/// x < y; NaN is less than nothing.
template <name Name = "", class X, class Y, name Message = "", int Summarize = 3, auto Site = [] {}>
  requires operands<X, Y>
constexpr auto assert_less(X const& x, Y const& y, message_t<Message> says = {}, summarize_t<Summarize> shows = {}) {
  return detail::assert_compared<less_op, Name, "assert_less", "x < y", Site>(x, y, says, shows);
}
/// x ≤ y.
template <name Name = "", class X, class Y, name Message = "", int Summarize = 3, auto Site = [] {}>
  requires operands<X, Y>
constexpr auto assert_less_equal(X const& x, Y const& y, message_t<Message> says = {},
                                 summarize_t<Summarize> shows = {}) {
  return detail::assert_compared<less_equal_op, Name, "assert_less_equal", "x <= y", Site>(x, y, says, shows);
}
/// x > y.
template <name Name = "", class X, class Y, name Message = "", int Summarize = 3, auto Site = [] {}>
  requires operands<X, Y>
constexpr auto assert_greater(X const& x, Y const& y, message_t<Message> says = {}, summarize_t<Summarize> shows = {}) {
  return detail::assert_compared<greater_op, Name, "assert_greater", "x > y", Site>(x, y, says, shows);
}
/// x ≥ y.
template <name Name = "", class X, class Y, name Message = "", int Summarize = 3, auto Site = [] {}>
  requires operands<X, Y>
constexpr auto assert_greater_equal(X const& x, Y const& y, message_t<Message> says = {},
                                    summarize_t<Summarize> shows = {}) {
  return detail::assert_compared<greater_equal_op, Name, "assert_greater_equal", "x >= y", Site>(x, y, says, shows);
}

TFX_END
