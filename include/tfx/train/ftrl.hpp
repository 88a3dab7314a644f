// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <limits>
#include <tfx/base/raise.hpp>
#include <tfx/op/math/divide.hpp>
#include <tfx/op/math/maximum.hpp>
#include <tfx/op/math/minimum.hpp>
#include <tfx/op/math/negative.hpp>
#include <tfx/op/math/pow.hpp>
#include <tfx/op/math/square.hpp>
#include <tfx/train/optimizer.hpp>

TFX_BEGIN

namespace train {

/// n' = n + gradient²; z ← z + gradient + 2 · shrinkage · v − (n'^−p − n^−p) / learning_rate · v;
/// v ← (l1 · sign z − z) / (n'^−p / learning_rate + 2 · l2) where |z| > l1, else 0; n ← n' (McMahan et al., 2013).
/// Clipped to l1, z minus itself is 0 there, so that all fits into one loop; the least number of all keeps 0 / 0 away.
struct ftrl_op : minimization {
  static constexpr auto name = "Ftrl";
  static constexpr slot slots[] = {{.name = "Ftrl", .parameter = 2}, {"Ftrl", "_1"}};
  static constexpr void update(auto& call) {
    auto const per_rate = 1.0 / call.parameters[0], exponent = -call.parameters[1];
    auto const l1 = call.parameters[3], l2 = call.parameters[4], shrinkage = call.parameters[5];
    auto const n = call.slots[0] + square(call.gradient), root = pow(n, exponent);
    auto const pull = (root - pow(call.slots[0], exponent)) * per_rate - 2.0 * shrinkage;
    auto const z = call.slots[1] + (call.gradient - pull * call.variable);
    double const least = std::numeric_limits<float>::min();
    call.slots[0] = n;
    call.slots[1] = z;
    call.result = (maximum(minimum(z, l1), -l1) - z) / (root * per_rate + (2.0 * l2 + least));
  }
};

/// The regularized leader is followed: `FtrlOptimizer(0.1f).minimize(loss)`, `FtrlOptimizer(0.1f, learning_rate_power,
/// initial_accumulator_value, l1, l2, l2_shrinkage)` with −0.5, 0.1 and three strengths of 0 by default. A variable w
/// has its sum of squares in `w/Ftrl`, which begins at that value, and its linear term in `w/Ftrl_1`.
template <class Rate, class Power = double, number Initial = double, class L1 = double, class L2 = double,
          class Shrinkage = double>
class FtrlOptimizer : public optimizer<ftrl_op, Rate, Power, Initial, L1, L2, Shrinkage> {
 public:
  constexpr explicit FtrlOptimizer(Rate learning_rate, Power learning_rate_power = Power(-0.5),
                                   Initial initial_accumulator_value = Initial(0.1),
                                   L1 l1_regularization_strength = L1(0), L2 l2_regularization_strength = L2(0),
                                   Shrinkage l2_shrinkage_regularization_strength = Shrinkage(0))
      : optimizer<ftrl_op, Rate, Power, Initial, L1, L2, Shrinkage>(
            learning_rate, learning_rate_power, initial_accumulator_value, l1_regularization_strength,
            l2_regularization_strength, l2_shrinkage_regularization_strength) {
    if (!(initial_accumulator_value >= 0))
      raise<errors::InvalidArgumentError>("initial_accumulator_value %f needs to be positive or zero",
                                          static_cast<double>(initial_accumulator_value));
    if constexpr (number<Power>)
      if (!(learning_rate_power <= 0))
        raise<errors::InvalidArgumentError>("learning_rate_power %f needs to be negative or zero",
                                            static_cast<double>(learning_rate_power));
    check("l1", l1_regularization_strength);
    check("l2", l2_regularization_strength);
    check("l2_shrinkage", l2_shrinkage_regularization_strength);
  }

 private:
  template <class Strength>
  static constexpr void check([[maybe_unused]] char const* of, [[maybe_unused]] Strength const& strength) {
    if constexpr (number<Strength>)
      if (!(strength >= 0))
        raise<errors::InvalidArgumentError>("%s_regularization_strength %f needs to be positive or zero", of,
                                            static_cast<double>(strength));
  }
};

}  // namespace train

TFX_END
