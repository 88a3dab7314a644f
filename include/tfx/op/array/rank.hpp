// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>

TFX_BEGIN

/// How many axes a tensor has: a number that the compiler knows. Constant to derivatives.
struct rank_op {
  static constexpr auto name = "Rank";
  static constexpr op_kind kind = op_kind::composed;
  static constexpr op_traits traits{.simplifies = true};
  static constexpr auto gradient = constant_to_derivatives;

  static constexpr void infer(inference& call) { call.type = dtype::int32; }
  static constexpr void simplify(simplification& call) {
    i64 const attributes[] = {call.x(0).rank(), static_cast<i64>(dtype::int32)};
    call.result = call.graph->add(info<splat_op>, nullptr, 0, attributes, 2);
  }
};

/// How many axes x has, as int32. Where its type tells that, `decltype(x)::rank` is the same number.
template <name Name = "", expression X>
constexpr result_t<rank_op, Name, X> rank(X const& x) {
  return apply<rank_op, Name>(x);
}

TFX_END
