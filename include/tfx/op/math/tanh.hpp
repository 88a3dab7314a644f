// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/square.hpp>
#include <tfx/op/math/subtract.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// The hyperbolic tangent. Gradient: dy · (1 - y²).
struct tanh_op : transcendental<1> {
  static constexpr auto name = "Tanh";
  static constexpr auto value(auto x) { return simd::tanh(x); }
  static constexpr auto gradient(auto dy, auto y, auto) { return dy * (1.0 - square(y)); }
};

/// The hyperbolic tangent; also `nn::tanh`.
template <name Name = "", expression X>
constexpr result_t<tanh_op, Name, X> tanh(X const& x) {
  return apply<tanh_op, Name>(x);
}

namespace nn {
using tfx::tanh;
}  // namespace nn

TFX_END
