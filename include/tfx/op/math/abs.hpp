// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/multiply.hpp>
#include <tfx/op/math/sign.hpp>

TFX_BEGIN

/// |x|, real of complex numbers too. Gradient: dy · sign(x), 0 at 0; none of complex numbers.
struct abs_op : elementwise<1> {
  static constexpr auto name = "Abs";
  static constexpr void infer(inference& call) {
    infer_same(call, number_or_complex);
    call.type = real_part_of(call.types[0]);
  }
  static constexpr auto value(auto x) {
    if constexpr (simd::is_complex<decltype(x)>) {
      return simd::hypot(simd::real(x), simd::imag(x));
    } else {
      return simd::abs(x);
    }
  }
  static constexpr auto gradient(auto dy, auto, auto x) { return dy * sign(x); }
};

/// |x|.
template <name Name = "", expression X>
constexpr result_t<abs_op, Name, X> abs(X const& x) {
  return apply<abs_op, Name>(x);
}

TFX_END
