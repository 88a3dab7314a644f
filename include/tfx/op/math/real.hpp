// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// Elementwise from complex numbers to a part of them, of the real dtype.
struct complex_part : elementwise<1> {
  static constexpr void infer(inference& call) {
    infer_same(call, only_complex);
    call.type = real_part_of(call.types[0]);
  }
};
/// The real part. No gradient.
struct real_op : complex_part {
  static constexpr auto name = "Real";
  static constexpr auto value(auto x) { return simd::real(x); }
};

/// The real part of x; x itself where it is real: `real(constant(std::complex<float>(1, 2)))  // 1.0f`.
template <name Name = "", typed_expression X>
constexpr auto real(X const& x) {
  if constexpr (detail::is_complex_type<typename X::value_type>) {
    return apply<real_op, Name>(x);
  } else {
    return x;
  }
}

template <name Name = "", untyped X>
constexpr X real(X const& x) {
  if (is_complex(x.type())) return apply<real_op, Name>(x);
  return x;
}

TFX_END
