// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/cast.hpp>
#include <tfx/op/math/multiply.hpp>
#include <tfx/op/math/negative.hpp>

TFX_BEGIN

/// Elementwise quotient. Gradient: dy / y and −dy · (x / y) / y.
struct divide_op : elementwise<2> {
  static constexpr auto name = "RealDiv";
  static constexpr void infer(inference& call) { infer_same(call, floating_or_complex); }
  static constexpr op_traits traits{.foldable = true, .simplifies = true};
  static constexpr bool can_fold(simplification const& call) { return !call.is(1, 0.0) && !call.is(1, -0.0); }
  static constexpr void simplify(simplification& call) {
    if (call.is(1, 1.0)) call.keep(0);
  }
  static constexpr auto value(auto x, auto y) { return x / y; }
  static constexpr auto gradient(auto dy, auto z, auto, auto y) { return handles<2>{{dy / y, -dy * z / y}}; }
};

namespace detail {
template <class X, class Y>
struct quotient_of {
  using element_type = void;  // floats, complex numbers and handles divide as they are
};
template <class X, class Y>
  requires(std::is_same_v<typename X::value_type, typename Y::value_type> &&
           is_integer(dtype_of<typename X::value_type>))
struct quotient_of<X, Y> {
  using element_type = std::conditional_t<sizeof(typename X::value_type) <= 2, float, double>;
};
template <name Name, class X, class Y, class T = typename quotient_of<X, Y>::element_type>
struct quotient {
  using type = result_t<divide_op, Name, typename cast_type<T, "", X>::type, typename cast_type<T, "", Y>::type>;
  static constexpr type of(X const& x, Y const& y) { return apply<divide_op, Name>(cast<T>(x), cast<T>(y)); }
};
template <name Name, class X, class Y>
struct quotient<Name, X, Y, void> {
  using type = result_t<divide_op, Name, X, Y>;
  static constexpr type of(X const& x, Y const& y) { return apply<divide_op, Name>(x, y); }
};
template <name Name, class X, class Y, auto Site>
using quotient_t = quotient<Name, lifted<X, Y, Site>, lifted<Y, X, Site, 1>>;
}  // namespace detail

/// x / y; integers divide as double (those of 8 and 16 bits as float), floordiv(x, y) is the other quotient. Shapes
/// broadcast, a plain number takes the tensor's dtype.
template <name Name = "", class X, class Y, auto Site = [] {}>
  requires operands<X, Y>
constexpr typename detail::quotient_t<Name, X, Y, Site>::type divide(X const& x, Y const& y) {
  return detail::quotient_t<Name, X, Y, Site>::of(lift<Y, Site>(x, y), lift<X, Site, 1>(y, x));
}
namespace operators {
template <class X, class Y>
  requires two_expressions<X, Y>
constexpr typename detail::quotient<"", X, Y>::type operator/(X const& x, Y const& y) {
  return detail::quotient<"", X, Y>::of(x, y);
}
template <class X, class Y, class = if_number<X, Y>, auto Site = [] {}>
constexpr typename detail::quotient_t<"", X, Y, Site>::type operator/(X const& x, Y const& y) {
  return detail::quotient_t<"", X, Y, Site>::of(lift<Y, Site>(x, y), lift<X, Site, 1>(y, x));
}
constexpr handle operator/(handle x, handle y) { return add_node(info<divide_op>, nullptr, 0, x, y); }
}  // namespace operators

TFX_END
