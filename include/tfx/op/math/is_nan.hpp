// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// Whether x is NaN. Constant to derivatives.
struct is_nan_op : transcendental<1> {
  static constexpr auto name = "IsNan";
  static constexpr auto gradient = constant_to_derivatives;
  static constexpr void infer(inference& call) {
    transcendental<1>::infer(call);
    call.type = dtype::boolean;
  }
  static constexpr auto value(auto x) { return simd::isnan(x); }
};

/// Whether x is NaN.
template <name Name = "", expression X>
constexpr result_t<is_nan_op, Name, X> is_nan(X const& x) {
  return apply<is_nan_op, Name>(x);
}

TFX_END
