// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/zeros_like.hpp>
#include <tfx/op/math/real.hpp>

TFX_BEGIN

/// The imaginary part. No gradient.
struct imag_op : complex_part {
  static constexpr auto name = "Imag";
  static constexpr auto value(auto x) { return simd::imag(x); }
};

/// The imaginary part of x, 0 where it is real: `imag(constant(std::complex<float>(1, 2)))  // 2.0f`.
template <name Name = "", typed_expression X>
constexpr auto imag(X const& x) {
  if constexpr (detail::is_complex_type<typename X::value_type>) {
    return apply<imag_op, Name>(x);
  } else {
    return zeros_like<Name>(x);
  }
}

template <name Name = "", untyped X>
constexpr X imag(X const& x) {
  if (is_complex(x.type())) return apply<imag_op, Name>(x);
  return zeros_like<Name>(x);
}

TFX_END
