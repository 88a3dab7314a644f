// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/divide.hpp>
#include <tfx/op/math/sqrt.hpp>
#include <tfx/op/math/square.hpp>
#include <tfx/train/optimizer.hpp>

TFX_BEGIN

namespace train {

/// a ← ρ · a + (1 − ρ) · gradient²; u = √(d + epsilon) / √(a + epsilon) · gradient; v ← v − learning_rate · u;
/// d ← ρ · d + (1 − ρ) · u² (Zeiler, 2012). With the quotient before the root and u² of it all fits into one loop.
struct adadelta_op : minimization {
  static constexpr auto name = "Adadelta";
  static constexpr slot slots[] = {{"Adadelta"}, {"Adadelta", "_1"}};
  static constexpr void update(auto& call) {
    auto const rho = call.parameters[1], epsilon = call.parameters[2], d = call.slots[1];
    auto const part = square(call.gradient) * (1.0 - rho);
    auto const a = rho * call.slots[0] + part;
    auto const quotient = (d + epsilon) / (a + epsilon);
    call.slots[0] = a;
    call.slots[1] = rho * d + quotient * part;
    call.result = call.variable - call.parameters[0] * call.gradient * sqrt(quotient);
  }
};

/// Gradient descent whose steps are as large as the last ones were: `AdadeltaOptimizer(1.0f).minimize(loss)`,
/// `AdadeltaOptimizer(1.0f, rho, epsilon)`. A variable w has the mean squares of its gradient and of its steps in
/// `w/Adadelta` and `w/Adadelta_1`, which begin at 0.
template <class Rate = double, class Rho = double, class Epsilon = double>
class AdadeltaOptimizer : public optimizer<adadelta_op, Rate, Rho, Epsilon> {
 public:
  constexpr explicit AdadeltaOptimizer(Rate learning_rate = Rate(0.001), Rho rho = Rho(0.95),
                                       Epsilon epsilon = Epsilon(1e-8))
      : optimizer<adadelta_op, Rate, Rho, Epsilon>(learning_rate, rho, epsilon) {}
};

}  // namespace train

TFX_END
