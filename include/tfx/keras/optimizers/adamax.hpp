// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/optimizers/optimizer.hpp>
#include <tfx/op/math/abs.hpp>
#include <tfx/op/math/add.hpp>
#include <tfx/op/math/divide.hpp>
#include <tfx/op/math/maximum.hpp>
#include <tfx/op/math/pow.hpp>

TFX_BEGIN

namespace keras::optimizers {

/// m ← β₁ · m + (1 − β₁) · gradient; v ← max(β₂ · v, |gradient|); w ← w − rate / (1 − β₁ᵗ) · m / (v + epsilon), in step
/// t.
struct adamax_rule : minimization {
  static constexpr auto name = "KerasAdamax";
  static constexpr std::string_view class_name = "Adamax";
  static constexpr slot slots[] = {{"Adamax", "/m"}, {"Adamax", "/v"}};
  static constexpr void update(update_call& call) {
    handle const beta_1 = call.parameters[first_own_parameter], beta_2 = call.parameters[first_own_parameter + 1];
    handle const epsilon = call.parameters[first_own_parameter + 2];
    handle const rate = decayed_rate(call) / (1.0 - pow(beta_1, step_number(call)));
    handle const m = beta_1 * call.slots[0] + (1.0 - beta_1) * call.gradient;
    handle const v = maximum(beta_2 * call.slots[1], abs(call.gradient));
    call.slots[0] = m;
    call.slots[1] = v;
    call.result = call.variable - rate * m / (v + epsilon);
  }
};

/// What Adamax makes. A variable w has the mean of its gradient in `w/Adamax/m` and its decaying maximum in
/// `w/Adamax/v`, which begin at 0.
template <name Name, class T, clipping Clip>
class adamax_optimizer : public optimizer<adamax_optimizer<Name, T, Clip>, adamax_rule, Name, T, Clip> {
  using base = typename adamax_optimizer::optimizer;

 public:
  constexpr explicit adamax_optimizer(double lr, double beta_1 = 0.9, double beta_2 = 0.999, double epsilon = 1e-7,
                                      double decay = 0, clip_limits<Clip> limits = {})
      : base(lr, limits), beta_1_(beta_1), beta_2_(beta_2), epsilon_(epsilon), decay_(decay) {
    check_beta("beta_1", beta_1);
    check_beta("beta_2", beta_2);
    check_not_negative("epsilon", epsilon);
    check_not_negative("decay", decay);
  }
  constexpr auto beta_1() const { return base::template hyperparameter<"beta_1">(beta_1_); }
  constexpr auto beta_2() const { return base::template hyperparameter<"beta_2">(beta_2_); }
  constexpr auto decay() const { return base::template hyperparameter<"decay">(decay_); }
  constexpr auto parameters() const {
    return std::tuple(base::lr(), base::iterations(), decay(), beta_1(), beta_2(), epsilon_);
  }

 private:
  double beta_1_, beta_2_, epsilon_, decay_;
};

struct adamax_options {
  option beta_1 = 0.9;
  option beta_2 = 0.999;
  option epsilon = 1e-7;
  option decay{};
};
struct adamax_options_and_clipvalue {
  option beta_1 = 0.9;
  option beta_2 = 0.999;
  option epsilon = 1e-7;
  option decay{};
  option clipvalue{};
};
struct adamax_options_and_clipnorm {
  option beta_1 = 0.9;
  option beta_2 = 0.999;
  option epsilon = 1e-7;
  option decay{};
  option clipnorm{};
  option clipvalue{};
};

/// Adamax as Keras has it (Kingma and Ba, 2014, section 7): `Adamax(0.002)`, `Adamax(0.002, {.beta_1 = 0.9, .beta_2 =
/// 0.999, .epsilon = 1e-7, .decay = 1e-4, .clipnorm = 1})`. Variables: `Adamax/lr`, `Adamax/beta_1`, `Adamax/beta_2`,
/// `Adamax/decay`, `Adamax/iterations`. Refused: a negative number, a beta outside [0, 1). The rest is as SGD has it.
template <name Name = "Adamax", class T = float>
constexpr adamax_optimizer<Name, T, clipping::none> Adamax(option lr = 0.002) {
  return adamax_optimizer<Name, T, clipping::none>(lr);
}
// Of these three the first one is called whose options have the names that the program writes: the further down, the
// more a rate has to be converted.
template <name Name = "Adamax", class T = float, number Rate>
constexpr adamax_optimizer<Name, T, clipping::none> Adamax(Rate lr, adamax_options o) {
  return adamax_optimizer<Name, T, clipping::none>(option(lr), o.beta_1, o.beta_2, o.epsilon, o.decay);
}
template <name Name = "Adamax", class T = float>
constexpr adamax_optimizer<Name, T, clipping::by_value> Adamax(long double lr, adamax_options_and_clipvalue o) {
  return adamax_optimizer<Name, T, clipping::by_value>(option(lr), o.beta_1, o.beta_2, o.epsilon, o.decay,
                                                       {o.clipvalue});
}
template <name Name = "Adamax", class T = float>
constexpr adamax_optimizer<Name, T, clipping::by_norm> Adamax(option lr, adamax_options_and_clipnorm o) {
  return adamax_optimizer<Name, T, clipping::by_norm>(lr, o.beta_1, o.beta_2, o.epsilon, o.decay,
                                                      {o.clipvalue, o.clipnorm});
}

}  // namespace keras::optimizers

TFX_END
