// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/divide.hpp>
#include <tfx/op/math/sqrt.hpp>
#include <tfx/op/math/square.hpp>
#include <tfx/train/optimizer.hpp>

TFX_BEGIN

namespace train {

/// m ← m + (gradient − m) · (1 − β₁); s ← s + (gradient² − s) · (1 − β₂);
/// v ← v − learning_rate · √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√s + epsilon), in step t (Kingma and Ba, 2014).
struct adam_op : minimization {
  static constexpr auto name = "Adam";
  static constexpr slot slots[] = {{"Adam"}, {"Adam", "_1"}};
  static constexpr void update(auto& call) {
    auto const beta1 = call.parameters[1], beta2 = call.parameters[2], epsilon = call.parameters[3];
    auto const beta1_power = call.parameters[4], beta2_power = call.parameters[5];
    auto const rate = call.parameters[0] * sqrt(1.0 - beta2_power) / (1.0 - beta1_power);
    auto const m = call.slots[0] + (call.gradient - call.slots[0]) * (1.0 - beta1);
    auto const s = call.slots[1] + (square(call.gradient) - call.slots[1]) * (1.0 - beta2);
    call.slots[0] = m;
    call.slots[1] = s;
    call.result = call.variable - rate * m / (sqrt(s) + epsilon);
  }
};

/// The step that AdamOptimizer takes of each variable.
template <class... Parameter>
struct adam_step : optimizer<adam_op, Parameter...> {
  constexpr explicit adam_step(Parameter... parameters) : optimizer<adam_op, Parameter...>(parameters...) {}
};

/// Gradient descent with a rate of its own for each element: `AdamOptimizer().minimize(loss)`,
/// `AdamOptimizer(0.01f, beta1, beta2, epsilon)`. A variable w has the means of its gradient and of its square in
/// `w/Adam` and `w/Adam_1`, which begin at 0. β₁ᵗ and β₂ᵗ are the variables `beta1_power` and `beta2_power`, of the
/// loss's dtype, or `first/beta1_power` of `minimize<"first">(loss)`: two steps that a session takes in turn need
/// names.
template <class Rate = double, class Beta1 = double, class Beta2 = double, class Epsilon = double>
class AdamOptimizer : public optimizer_calls<AdamOptimizer<Rate, Beta1, Beta2, Epsilon>> {
 public:
  static constexpr u64 kept_variables = adam_step<>::kept_variables;

  constexpr explicit AdamOptimizer(Rate learning_rate = Rate(0.001), Beta1 beta1 = Beta1(0.9),
                                   Beta2 beta2 = Beta2(0.999), Epsilon epsilon = Epsilon(1e-8))
      : learning_rate_(learning_rate), beta1_(beta1), beta2_(beta2), epsilon_(epsilon) {}

  template <name Name, typed_expression Loss, class... V>
  constexpr auto step(Loss const& loss, V const&... v) const {
    return with_powers<Name>(loss, [&](auto const& of) { return of.template step<Name>(loss, v...); });
  }
  template <name Name, class... G, class... V>
  constexpr auto application(std::tuple<std::pair<G, V>...> const& list) const {
    return with_powers<Name>(std::get<0>(list).first,
                             [&](auto const& of) { return of.template application<Name>(list); });
  }

 private:
  Rate learning_rate_;
  Beta1 beta1_;
  Beta2 beta2_;
  Epsilon epsilon_;

  /// The step that `take` makes of adam_step, and with it the powers' next values, in the dtype of `like`.
  template <name Name, class Like, class Take>
  constexpr auto with_powers(Like const& like, Take take) const {
    auto const beta1 = lift<Like, member_site<Name>{}, 1>(beta1_, like);
    auto const beta2 = lift<Like, member_site<Name>{}, 2>(beta2_, like);
    auto const beta1_power = power<Name, "beta1_power", Like>(beta1_, beta1);
    auto const beta2_power = power<Name, "beta2_power", Like>(beta2_, beta2);
    return group(take(adam_step(learning_rate_, beta1, beta2, epsilon_, beta1_power, beta2_power)),
                 beta1_power.assign(beta1_power * beta1), beta2_power.assign(beta2_power * beta2));
  }
  /// The variable that begins as beta. A number goes in as the program would write it, so that this may be read by
  /// name.
  template <name Step, name Name, class Loss, class Beta, class Lifted>
  static constexpr auto power(Beta const& beta, Lifted const& lifted) {
    constexpr auto full_name = [] {
      if constexpr (Step.size() > 0) {
        return Step / Name;
      } else {
        return Name;
      }
    }();
    if constexpr (number<Beta>) {
      return variable<full_name>(static_cast<typename Loss::value_type>(beta));
    } else {
      return variable<full_name>(lifted);
    }
  }
};

}  // namespace train

TFX_END
