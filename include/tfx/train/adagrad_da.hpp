// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/abs.hpp>
#include <tfx/op/math/divide.hpp>
#include <tfx/op/math/maximum.hpp>
#include <tfx/op/math/negative.hpp>
#include <tfx/op/math/sign.hpp>
#include <tfx/op/math/sqrt.hpp>
#include <tfx/op/math/square.hpp>
#include <tfx/train/optimizer.hpp>

TFX_BEGIN

namespace train {

/// g ← g + gradient; a ← a + gradient²; v ← −learning_rate · sign g · max(|g| − l1 · t, 0) / (l2 · t · learning_rate +
/// √a) in step t, one more than the global step (Duchi, Hazan and Singer, 2011).
struct adagrad_da_op : minimization {
  static constexpr auto name = "AdagradDA";
  static constexpr slot slots[] = {{"AdagradDA"}, {.name = "AdagradDA", .suffix = "_1", .parameter = 2}};
  static constexpr void update(auto& call) {
    auto const rate = call.parameters[0], t = call.parameters[1] + 1.0;
    auto const g = call.slots[0] + call.gradient, a = call.slots[1] + square(call.gradient);
    call.slots[0] = g;
    call.slots[1] = a;
    call.result =
        -rate * sign(g) * maximum(abs(g) - call.parameters[3] * t, 0.0) / (call.parameters[4] * t * rate + sqrt(a));
  }
};

/// Adagrad by dual averaging, for sparse linear models: `AdagradDAOptimizer(0.1f, global_step).minimize(loss)`,
/// `AdagradDAOptimizer(0.1f, global_step, initial_gradient_squared_accumulator_value, l1, l2)` with the strengths of
/// both regularizations, 0 by default. The program counts the global step. A variable w has its gradients' sum in
/// `w/AdagradDA`, and their squares' in `w/AdagradDA_1`, which begins at that value, 0.1 by default. Its own initial
/// value has no part in what it becomes.
template <class Rate, class Step, number Initial = double, class L1 = double, class L2 = double>
class AdagradDAOptimizer : public optimizer<adagrad_da_op, Rate, Step, Initial, L1, L2> {
 public:
  constexpr AdagradDAOptimizer(Rate learning_rate, Step steps,
                               Initial initial_gradient_squared_accumulator_value = Initial(0.1),
                               L1 l1_regularization_strength = L1(0), L2 l2_regularization_strength = L2(0))
      : optimizer<adagrad_da_op, Rate, Step, Initial, L1, L2>(learning_rate, steps,
                                                              initial_gradient_squared_accumulator_value,
                                                              l1_regularization_strength, l2_regularization_strength) {
    check_accumulator("initial_gradient_squared_accumulator_value", initial_gradient_squared_accumulator_value);
  }
};

}  // namespace train

TFX_END
