// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/multiply.hpp>
#include <tfx/op/sign.hpp>

TFX_BEGIN

/// |x|. Gradient: dy · sign(x), 0 at 0.
struct abs_op : arithmetic<1> {
  static constexpr auto name = "Abs";
  static constexpr auto value(auto x) { return simd::abs(x); }
  static constexpr auto gradient(auto dy, auto, auto x) { return dy * sign(x); }
};

/// |x|.
template <name Name = "", expression X>
constexpr result_t<abs_op, Name, X> abs(X const& x) {
  return apply<abs_op, Name>(x);
}

TFX_END
