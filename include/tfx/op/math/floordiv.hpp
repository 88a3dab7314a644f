// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/raise.hpp>
#include <tfx/graph/operands.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

namespace detail {
[[noreturn]] [[gnu::noinline]] inline void refuse_zero_divisor() {
  raise<errors::InvalidArgumentError>("Integer division by zero");
}
/// Integers: a zero among the divisors ends the run.
TFX_INLINE void check_divisor(auto const& y) {
  using Y = std::remove_cvref_t<decltype(y)>;
  if constexpr (std::is_integral_v<simd::lane_t<Y>>)
    if (simd::reduce_or(y == simd::fill<Y>(0))) refuse_zero_divisor();
}
}  // namespace detail

/// x / y rounded towards -∞; integers by zero end the run with an InvalidArgumentError. Constant to derivatives.
struct floordiv_op : arithmetic<2> {
  static constexpr auto name = "FloorDiv";
  static constexpr auto gradient = constant_to_derivatives;
  static constexpr op_traits traits{.may_fail = true};
  static constexpr auto value(auto x, auto y) {
    using X = decltype(x);
    using T = simd::lane_t<X>;
    if constexpr (std::is_floating_point_v<T>) {
      return simd::floor(x / y);
    } else {
      detail::check_divisor(y);
      X const quotient = x / y;
      if constexpr (std::is_unsigned_v<T>) {
        return quotient;
      } else {
        X const zero = simd::fill<X>(0);
        auto const towards_zero = (quotient * y != x) & ((x < zero) != (y < zero));
        return simd::select(towards_zero, X(quotient - simd::fill<X>(1)), quotient);
      }
    }
  }
};

/// x / y rounded towards -∞: `floordiv(-7, y)  // -4 where y is 2`; shapes broadcast, a plain number takes the tensor's
/// dtype.
template <name Name = "", class X, class Y, auto Site = [] {}>
  requires operands<X, Y>
constexpr combined<floordiv_op, Name, X, Y, Site> floordiv(X const& x, Y const& y) {
  return combine<floordiv_op, Name, Site>(x, y);
}

TFX_END
