// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/sigmoid.hpp>

TFX_BEGIN

/// log(1 + eˣ). Gradient: dy · sigmoid(x).
struct softplus_op : transcendental<1> {
  static constexpr auto name = "Softplus";
  static constexpr auto value(auto x) { return simd::softplus(x); }
  static constexpr auto gradient(auto dy, auto, auto x) { return dy * sigmoid(x); }
};

namespace nn {
/// log(1 + eˣ), without overflow.
template <name Name = "", expression X>
constexpr result_t<softplus_op, Name, X> softplus(X const& x) {
  return apply<softplus_op, Name>(x);
}
}  // namespace nn

TFX_END
