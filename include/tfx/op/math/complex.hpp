// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// The complex numbers that have these parts. No gradient.
struct complex_op : elementwise<2> {
  static constexpr auto name = "Complex";
  static constexpr void infer(inference& call) {
    infer_same(call, only_floating);
    call.type = call.types[0] == dtype::float64 ? dtype::complex128 : dtype::complex64;
  }
  static constexpr auto value(auto real, auto imag) { return simd::complex(real, imag); }
};

/// real + imag · i, of float and float or double and double; shapes broadcast, a plain number takes the tensor's dtype.
template <name Name = "", class X, class Y, auto Site = [] {}>
  requires operands<X, Y>
constexpr combined<complex_op, Name, X, Y, Site> complex(X const& real, Y const& imag) {
  return combine<complex_op, Name, Site>(real, imag);
}

TFX_END
