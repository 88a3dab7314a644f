// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// Whether x is ∞ or -∞. Constant to derivatives.
struct is_inf_op : transcendental<1> {
  static constexpr auto name = "IsInf";
  static constexpr auto gradient = constant_to_derivatives;
  static constexpr void infer(inference& call) {
    transcendental<1>::infer(call);
    call.type = dtype::boolean;
  }
  static constexpr auto value(auto x) { return simd::isinf(x); }
};

/// Whether x is ∞ or -∞.
template <name Name = "", expression X>
constexpr result_t<is_inf_op, Name, X> is_inf(X const& x) {
  return apply<is_inf_op, Name>(x);
}

TFX_END
