// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/where.hpp>
#include <tfx/op/math/expm1.hpp>
#include <tfx/op/math/less.hpp>
#include <tfx/op/math/multiply.hpp>
#include <tfx/op/nn/elu.hpp>
#include <tfx/simd/simd.hpp>

TFX_BEGIN

/// x, but alpha · (eˣ − 1) below 0. Inputs: x, alpha. Gradient: dy, but dy · (y + alpha) below 0; dy · (eˣ − 1) there.
struct scaled_elu_op : transcendental<2> {
  static constexpr auto name = "ScaledElu";
  static constexpr auto value(auto x, auto alpha) {
    return simd::select(x < simd::fill<decltype(x)>(0), alpha * simd::expm1(x), x);
  }
  static constexpr auto gradient(auto dy, auto y, auto x, auto alpha) {
    return handles<2>{{where(x < 0.0, dy * (y + alpha), dy), where(x < 0.0, dy * expm1(x), 0.0)}};
  }
};

namespace nn {
/// x, but alpha · (eˣ − 1) below 0: `nn::elu(x, 0.5)`. Alpha is a number, or an expression that broadcasts. Keras: ELU.
template <name Name = "", expression X, class A, auto Site = [] {}>
  requires operands<X, A>
constexpr result_t<scaled_elu_op, Name, X, lifted<A, X, Site, 1>> elu(X const& x, A const& alpha) {
  return apply<scaled_elu_op, Name>(x, lift<X, Site, 1>(alpha, x));
}
}  // namespace nn

TFX_END
