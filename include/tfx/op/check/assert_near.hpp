// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/check/assert.hpp>
#include <tfx/op/math/abs.hpp>
#include <tfx/op/math/less.hpp>
#include <tfx/op/math/subtract.hpp>

TFX_BEGIN

namespace detail {
/// In the place of a tolerance: ten times the distance from 1 to the next number.
struct default_tolerance {};
template <auto Site, int Position, class T, class Like>
constexpr auto tolerance(T const& t, Like const& like) {
  if constexpr (!std::is_same_v<T, default_tolerance>) {
    return lift<Like, Site, Position>(t, like);
  } else if constexpr (untyped<Like>) {
    return scalar_like(like, like.type() == dtype::float64 ? 0x1p-52 * 10 : 0x1p-23 * 10);
  } else {
    using Number = typename Like::value_type;
    constexpr double value = static_cast<Number>((sizeof(Number) == 8 ? 0x1p-52 : 0x1p-23) * 10);
    return result_with<splat_op, "", words<splat_bits(value), static_cast<i64>(dtype_of<Number>)>>{};
  }
}
template <name Message, int Summarize, unsigned Numbers, class X, class Y, class R, class A>
struct near_assertion {
  static constexpr auto message = Message;

  static constexpr vector<i64> make(R const*, A const*, X const* x, Y const* y) {
    vector<char> const x_name = tensor_name_of(x), y_name = tensor_name_of(y);
    assertion_part const parts[] = {
        {"x and y not equal to tolerance rtol = ", {}, {}},
        {"atol = ", {}, {}},
        {"x (", (Numbers & 1u) != 0 ? std::string_view("assert_near/x:0") : view_of(x_name), ") = "},
        {"y (", (Numbers & 2u) != 0 ? std::string_view("assert_near/y:0") : view_of(y_name), ") = "}};
    return words_of_assertion(Summarize, {}, parts, 4, true, message.view());
  }
  static constexpr vector<i64> make() {
    return make(nullptr, nullptr, static_cast<X const*>(nullptr), static_cast<Y const*>(nullptr));
  }
};
}  // namespace detail

/// Ends a run with InvalidArgumentError unless |x − y| < atol + rtol · |y| for all elements, real or complex, as
/// TensorFlow 1.15 asks; shapes broadcast. Both tolerances are 10 ε of the dtype if they are not given.
template <name Name = "", class X, class Y, class R = detail::default_tolerance, class A = detail::default_tolerance,
          name Message = "", int Summarize = 3, auto Site = [] {}>
  requires operands<X, Y>
constexpr auto assert_near(X const& x, Y const& y, R const& rtol = {}, A const& atol = {}, message_t<Message> = {},
                           summarize_t<Summarize> = {}) {
  auto const& left = lift<Y, Site>(x, y);
  auto const& right = lift<X, Site, 1>(y, x);
  auto const size = abs(right);
  auto const relative = detail::tolerance<Site, 2>(rtol, size);
  auto const absolute = detail::tolerance<Site, 3>(atol, size);
  using Source =
      detail::near_assertion<Message, Summarize, (number<X> ? 1u : 0u) | (number<Y> ? 2u : 0u),
                             std::remove_cvref_t<decltype(left)>, std::remove_cvref_t<decltype(right)>,
                             std::remove_cvref_t<decltype(relative)>, std::remove_cvref_t<decltype(absolute)>>;
  return detail::assert_holds<Name, Source>(abs(left - right) < absolute + relative * size, relative, absolute, left,
                                            right);
}
template <name Name = "", class X, class Y, name Message, int Summarize = 3, auto Site = [] {}>
  requires operands<X, Y>
constexpr auto assert_near(X const& x, Y const& y, message_t<Message> says, summarize_t<Summarize> shows = {}) {
  using Default = detail::default_tolerance;
  return assert_near<Name, X, Y, Default, Default, Message, Summarize, Site>(x, y, {}, {}, says, shows);
}

TFX_END
