// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/divide.hpp>
#include <tfx/op/math/sqrt.hpp>
#include <tfx/op/math/square.hpp>
#include <tfx/train/optimizer.hpp>

TFX_BEGIN

namespace train {

/// a ← a + gradient²; v ← v − learning_rate · gradient / √a (Duchi, Hazan and Singer, 2011).
struct adagrad_op : minimization {
  static constexpr auto name = "Adagrad";
  static constexpr slot slots[] = {{.name = "Adagrad", .parameter = 1}};
  static constexpr void update(auto& call) {
    auto const a = call.slots[0] + square(call.gradient);
    call.slots[0] = a;
    call.result = call.variable - call.parameters[0] * call.gradient / sqrt(a);
  }
};

/// Gradient descent that slows down along what has had large gradients: `AdagradOptimizer(0.1f).minimize(loss)`,
/// `AdagradOptimizer(0.1f, initial_accumulator_value)`. A variable w has its sum of squares in `w/Adagrad`, which
/// begins at that value, 0.1 by default.
template <class Rate, number Initial = double>
class AdagradOptimizer : public optimizer<adagrad_op, Rate, Initial> {
 public:
  constexpr explicit AdagradOptimizer(Rate learning_rate, Initial initial_accumulator_value = Initial(0.1))
      : optimizer<adagrad_op, Rate, Initial>(learning_rate, initial_accumulator_value) {
    check_accumulator("initial_accumulator_value", initial_accumulator_value);
  }
};

}  // namespace train

TFX_END
