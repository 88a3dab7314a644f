// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/abs.hpp>
#include <tfx/op/math/divide.hpp>
#include <tfx/op/math/square.hpp>

TFX_BEGIN

/// x / (1 + |x|). Gradient: dy / (1 + |x|)².
struct softsign_op : transcendental<1> {
  static constexpr auto name = "Softsign";
  static constexpr auto value(auto x) { return x / (simd::abs(x) + simd::fill<decltype(x)>(1)); }
  static constexpr auto gradient(auto dy, auto, auto x) { return dy / square(1.0 + abs(x)); }
};

namespace nn {
/// x / (1 + |x|).
template <name Name = "", expression X>
constexpr result_t<softsign_op, Name, X> softsign(X const& x) {
  return apply<softsign_op, Name>(x);
}
}  // namespace nn

TFX_END
