// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/greater.hpp>
#include <tfx/op/log.hpp>
#include <tfx/op/subtract.hpp>
#include <tfx/op/where.hpp>

TFX_BEGIN

/// xʸ; integers wrap, and xʸ with y < 0 is 1/x⁻ʸ rounded towards zero. Gradient: dy · y xʸ⁻¹, and dy · xʸ log x where
/// x > 0, else 0.
struct pow_op : arithmetic<2> {
  static constexpr auto name = "Pow";
  static constexpr op_traits traits{.simplifies = true};
  static constexpr void simplify(simplification& call) {
    if (call.is(1, 1.0)) return call.keep(0);
    if (!call.is(1, 2.0)) return;
    handle const x = call.x(0);
    if (x.shape() == call.self.shape) call.result = (x * x).id;
  }
  static constexpr auto value(auto x, auto y) { return simd::pow(x, y); }
  static constexpr auto gradient(auto dy, auto z, auto x, auto y) {
    return handles<2>{{dy * (y * pow(x, y - 1.0)), where(x > 0.0, dy * z * log(where(x > 0.0, x, 1.0)), 0.0)}};
  }
};

/// xʸ; shapes broadcast, a plain number takes the tensor's dtype.
template <name Name = "", class X, class Y, auto Site = [] {}>
  requires operands<X, Y>
constexpr combined<pow_op, Name, X, Y, Site> pow(X const& x, Y const& y) {
  return combine<pow_op, Name, Site>(x, y);
}

TFX_END
