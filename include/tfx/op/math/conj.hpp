// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/real.hpp>

TFX_BEGIN

/// The complex conjugate. No gradient.
struct conj_op : elementwise<1> {
  static constexpr auto name = "Conj";
  static constexpr void infer(inference& call) { infer_same(call, only_complex); }
  static constexpr auto value(auto x) { return simd::complex(simd::real(x), -simd::imag(x)); }
};

/// x with the other sign of its imaginary part; x itself where it is real.
template <name Name = "", typed_expression X>
constexpr auto conj(X const& x) {
  if constexpr (detail::is_complex_type<typename X::value_type>) {
    return apply<conj_op, Name>(x);
  } else {
    return x;
  }
}

template <name Name = "", untyped X>
constexpr X conj(X const& x) {
  if (is_complex(x.type())) return apply<conj_op, Name>(x);
  return x;
}

TFX_END
