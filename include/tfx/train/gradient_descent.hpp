// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/train/optimizer.hpp>

TFX_BEGIN

namespace train {

/// v ← v − learning_rate · gradient.
struct gradient_descent_op : minimization {
  static constexpr auto name = "GradientDescent";
  static constexpr void update(auto& call) { call.result = call.variable - call.parameters[0] * call.gradient; }
};

/// Plain gradient descent: `GradientDescentOptimizer(0.5f).minimize(loss)`.
template <class Rate>
class GradientDescentOptimizer : public optimizer<gradient_descent_op, Rate> {
 public:
  constexpr explicit GradientDescentOptimizer(Rate learning_rate)
      : optimizer<gradient_descent_op, Rate>(learning_rate) {}
};

}  // namespace train

TFX_END
