// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/base/raise.hpp>
#include <tfx/op/array/where.hpp>
#include <tfx/op/math/greater.hpp>
#include <tfx/op/math/log.hpp>
#include <tfx/op/math/subtract.hpp>

TFX_BEGIN

namespace detail {
[[noreturn]] [[gnu::cold]] [[gnu::noinline]] inline void refuse_negative_power() {
  raise<errors::InvalidArgumentError>("Integers to negative integer powers are not allowed");
}
}  // namespace detail

/// xʸ; integers wrap, and one y < 0 among them ends the run with an InvalidArgumentError. Gradient: dy · y xʸ⁻¹, and
/// dy · xʸ log x where x > 0, else 0.
struct pow_op : arithmetic<2> {
  static constexpr auto name = "Pow";
  static constexpr op_traits traits{.may_fail = true, .simplifies = true};
  static constexpr void simplify(auto& call) {
    if (call.is(1, 1.0)) return call.keep(0);
    if (!call.is(1, 2.0)) return;
    auto const x = call.x(0);
    if (x.shape() == call.self.shape) call.result = (x * x).id;
  }
  static constexpr auto value(auto x, auto y) {
    using Y = decltype(y);
    if constexpr (std::is_integral_v<simd::lane_t<Y>> && std::is_signed_v<simd::lane_t<Y>>)
      if (simd::reduce_or(y < simd::fill<Y>(0))) detail::refuse_negative_power();
    return simd::pow(x, y);
  }
  static constexpr auto gradient(auto dy, auto z, auto x, auto y) {
    return handles<2>{{dy * (y * pow(x, y - 1.0)), where(x > 0.0, dy * z * log(where(x > 0.0, x, 1.0)), 0.0)}};
  }
};

/// xʸ: `pow(x, 3)  // 8 where x is 2`; shapes broadcast, a plain number takes the tensor's dtype. Integers have no
/// negative powers: `pow(cast<float>(n), -1)`.
template <name Name = "", class X, class Y, auto Site = [] {}>
  requires operands<X, Y>
constexpr combined<pow_op, Name, X, Y, Site> pow(X const& x, Y const& y) {
  return combine<pow_op, Name, Site>(x, y);
}

TFX_END
