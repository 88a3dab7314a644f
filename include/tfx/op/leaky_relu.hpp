// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/maximum.hpp>
#include <tfx/op/multiply.hpp>

TFX_BEGIN
namespace nn {

/// max(alpha · x, x), as TensorFlow computes it.
template <name Name = "", expression X, number N = double, auto Site = [] {}>
constexpr result_t<maximum_op, Name, result_t<multiply_op, "", lifted<N, X, Site>, X>, X> leaky_relu(X const& x,
                                                                                                     N alpha = 0.2) {
  return apply<maximum_op, Name>(apply<multiply_op>(lift<X, Site>(alpha, x), x), x);
}

}  // namespace nn
TFX_END
