// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/negative.hpp>
#include <tfx/op/nn/softplus.hpp>

TFX_BEGIN

/// log(1 / (1 + e⁻ˣ)) = −softplus(−x), without overflow. Gradient: dy · sigmoid(−x).
template <name Name = "", expression X>
constexpr result_t<negative_op, Name, result_t<softplus_op, "", result_t<negative_op, "", X>>> log_sigmoid(X const& x) {
  return apply<negative_op, Name>(apply<softplus_op>(apply<negative_op>(x)));
}

TFX_END
