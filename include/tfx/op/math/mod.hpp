// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <bit>
#include <tfx/op/math/floordiv.hpp>
#include <tfx/op/math/multiply.hpp>
#include <tfx/op/math/negative.hpp>

TFX_BEGIN

namespace detail {
/// x - y · floor(x / y), of the sign of y and below it in magnitude; where y is infinite and of another sign than x,
/// NaN, as TensorFlow has it.
template <class T>
T floored_remainder(T x, T y) {
  T const rest = std::fmod(x, y);
  if ((x < 0) == (y < 0)) return rest;
  if (rest == 0) return y * 0;
  T const moved = rest + y;
  if (moved != y) return moved;
  if (y - y != 0) return y - y;
  // A rest too small to tell from 0 beside y: the number next to y, towards 0.
  using bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, u64>;
  return std::bit_cast<T>(static_cast<bits>(std::bit_cast<bits>(y) - 1));
}
}  // namespace detail

/// The remainder of floordiv, with the sign of y; integers by zero end the run with an InvalidArgumentError. Gradient:
/// dy and -dy · floordiv(x, y).
struct mod_op : arithmetic<2> {
  static constexpr auto name = "FloorMod";
  static constexpr op_traits traits{.may_fail = true};
  static constexpr auto value(auto x, auto y) {
    using X = decltype(x);
    detail::check_divisor(y);
    using T = simd::lane_t<X>;
    if constexpr (std::is_floating_point_v<T>) {
      return simd::lanewise([](T a, T b) { return detail::floored_remainder(a, b); }, x, y);
    } else if constexpr (std::is_unsigned_v<T>) {
      return simd::fmod(x, y);
    } else {
      X const rest = simd::fmod(x, y), zero = simd::fill<X>(0);
      return simd::select((rest != zero) & ((rest < zero) != (y < zero)), X(rest + y), rest);
    }
  }
  static constexpr auto gradient(auto dy, auto, auto x, auto y) { return handles<2>{{dy, -dy * floordiv(x, y)}}; }
};

/// x - y · floordiv(x, y): `mod(-7, y)  // 2 where y is 3`; shapes broadcast, a plain number takes the tensor's dtype.
template <name Name = "", class X, class Y, auto Site = [] {}>
  requires operands<X, Y>
constexpr combined<mod_op, Name, X, Y, Site> mod(X const& x, Y const& y) {
  return combine<mod_op, Name, Site>(x, y);
}
namespace operators {
template <class X, class Y>
  requires two_expressions<X, Y>
constexpr result_t<mod_op, "", X, Y> operator%(X const& x, Y const& y) {
  return apply<mod_op>(x, y);
}
template <class X, class Y, class = if_number<X, Y>, auto Site = [] {}>
constexpr combined<mod_op, "", X, Y, Site> operator%(X const& x, Y const& y) {
  return combine<mod_op, "", Site>(x, y);
}
}  // namespace operators

TFX_END
