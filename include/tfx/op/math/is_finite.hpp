// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// Whether x is neither NaN nor infinite. Constant to derivatives.
struct is_finite_op : transcendental<1> {
  static constexpr auto name = "IsFinite";
  static constexpr auto gradient = constant_to_derivatives;
  static constexpr void infer(inference& call) {
    transcendental<1>::infer(call);
    call.type = dtype::boolean;
  }
  static constexpr auto value(auto x) { return simd::isfinite(x); }
};

/// Whether x is neither NaN nor infinite.
template <name Name = "", expression X>
constexpr result_t<is_finite_op, Name, X> is_finite(X const& x) {
  return apply<is_finite_op, Name>(x);
}

TFX_END
