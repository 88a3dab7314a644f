// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/divide.hpp>
#include <tfx/op/math/sqrt.hpp>
#include <tfx/op/math/square.hpp>
#include <tfx/train/proximal_gradient_descent.hpp>

TFX_BEGIN

namespace train {

/// a ← a + gradient²; v ← the proximal step at learning_rate / √a.
struct proximal_adagrad_op : minimization {
  static constexpr auto name = "ProximalAdagrad";
  static constexpr slot slots[] = {{.name = "ProximalAdagrad", .parameter = 1}};
  static constexpr void update(auto& call) {
    auto const a = call.slots[0] + square(call.gradient);
    call.slots[0] = a;
    call.result = proximal_step(call, call.parameters[0] / sqrt(a), call.parameters[2], call.parameters[3]);
  }
};

/// AdagradOptimizer that draws variables to 0: `ProximalAdagradOptimizer(0.1f).minimize(loss)`,
/// `ProximalAdagradOptimizer(0.1f, initial_accumulator_value, l1, l2)` with the strengths of both regularizations, 0 by
/// default. A variable w has its sum of squares in `w/ProximalAdagrad`, which begins at that value, 0.1 by default.
template <class Rate, number Initial = double, class L1 = double, class L2 = double>
class ProximalAdagradOptimizer : public optimizer<proximal_adagrad_op, Rate, Initial, L1, L2> {
 public:
  constexpr explicit ProximalAdagradOptimizer(Rate learning_rate, Initial initial_accumulator_value = Initial(0.1),
                                              L1 l1_regularization_strength = L1(0),
                                              L2 l2_regularization_strength = L2(0))
      : optimizer<proximal_adagrad_op, Rate, Initial, L1, L2>(learning_rate, initial_accumulator_value,
                                                              l1_regularization_strength, l2_regularization_strength) {
    check_accumulator("initial_accumulator_value", initial_accumulator_value);
  }
};

}  // namespace train

TFX_END
