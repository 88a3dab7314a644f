// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/multiply.hpp>

TFX_BEGIN

/// x². Gradient: dy · 2x.
struct square_op : complex_arithmetic<1> {
  static constexpr auto name = "Square";
  static constexpr op_traits traits{.foldable = true};
  static constexpr auto value(auto x) { return x * x; }
  static constexpr auto gradient(auto dy, auto, auto x) { return dy * (2.0 * x); }
};

template <name Name = "", expression X>
constexpr result_t<square_op, Name, X> square(X const& x) {
  return apply<square_op, Name>(x);
}

TFX_END
