// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/constant.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// Whether x = y; NaN equals nothing.
struct equal_op : comparison {
  static constexpr auto name = "Equal";
  static constexpr void infer(inference& call) {
    infer_same(call, any_value);
    call.type = dtype::boolean;
  }
  static constexpr auto value(auto x, auto y) { return x == y; }
  static bool texts(auto const& x, auto const& y) { return x == y; }
};

/// Whether x = y, for numbers, bool and strings; shapes broadcast, a plain number takes the tensor's dtype.
template <name Name = "", class X, class Y, auto Site = [] {}>
  requires operands<X, Y>
constexpr combined<equal_op, Name, X, Y, Site> equal(X const& x, Y const& y) {
  return combine<equal_op, Name, Site>(x, y);
}
/// The same of strings and a plain text: `equal(names, "nobody")`.
template <name Name = "", detail::text_expression X, auto Site = [] {}>
auto equal(X const& x, std::string_view text) {
  return apply<equal_op, Name>(x, detail::text_beside<X, Site, 1>(text));
}
template <name Name = "", detail::text_expression X, auto Site = [] {}>
auto equal(std::string_view text, X const& x) {
  return apply<equal_op, Name>(detail::text_beside<X, Site, 0>(text), x);
}
template <name Name = "", untyped X>
a_text_is_an_argument_of_a_function_over_handles equal(X const&, std::string_view);
template <name Name = "", untyped X>
a_text_is_an_argument_of_a_function_over_handles equal(std::string_view, X const&);
struct equality_of_tensors_is_tf_equal;  // x == y compares C++ objects: write tf::equal(x, y)
namespace operators {
template <class X, class Y>
  requires(operands<X, Y> && !std::is_same_v<X, handle> && !std::is_same_v<Y, handle>)
equality_of_tensors_is_tf_equal operator==(X const&, Y const&);
}  // namespace operators

TFX_END
