// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/abs.hpp>
#include <tfx/op/math/divide.hpp>
#include <tfx/op/math/maximum.hpp>
#include <tfx/op/math/sign.hpp>
#include <tfx/train/optimizer.hpp>

TFX_BEGIN

namespace train {

/// sign p · max(|p| − rate · l1, 0) / (1 + rate · l2) of p = v − rate · gradient.
constexpr auto proximal_step(auto const& call, auto const& rate, auto const& l1, auto const& l2) {
  auto const p = call.variable - rate * call.gradient;
  return sign(p) * maximum(abs(p) - rate * l1, 0.0) / (1.0 + rate * l2);
}

/// v ← the proximal step at learning_rate (Duchi and Singer, 2009).
struct proximal_gradient_descent_op : minimization {
  static constexpr auto name = "ProximalGradientDescent";
  static constexpr void update(auto& call) {
    call.result = proximal_step(call, call.parameters[0], call.parameters[1], call.parameters[2]);
  }
};

/// Gradient descent that draws variables to 0: `ProximalGradientDescentOptimizer(0.1f).minimize(loss)`,
/// `ProximalGradientDescentOptimizer(0.1f, l1, l2)` with the strengths of both regularizations, 0 by default.
template <class Rate, class L1 = double, class L2 = double>
class ProximalGradientDescentOptimizer : public optimizer<proximal_gradient_descent_op, Rate, L1, L2> {
 public:
  constexpr explicit ProximalGradientDescentOptimizer(Rate learning_rate, L1 l1_regularization_strength = L1(0),
                                                      L2 l2_regularization_strength = L2(0))
      : optimizer<proximal_gradient_descent_op, Rate, L1, L2>(learning_rate, l1_regularization_strength,
                                                              l2_regularization_strength) {}
};

}  // namespace train

TFX_END
