// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/optimizers/optimizer.hpp>
#include <tfx/op/math/add.hpp>
#include <tfx/op/math/divide.hpp>
#include <tfx/op/math/maximum.hpp>
#include <tfx/op/math/pow.hpp>
#include <tfx/op/math/sqrt.hpp>
#include <tfx/op/math/square.hpp>

TFX_BEGIN

namespace keras::optimizers {

/// m ← β₁ · m + (1 − β₁) · gradient; v ← β₂ · v + (1 − β₂) · gradient²;
/// w ← w − rate · √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + epsilon), in step t. With amsgrad the largest v so far stands
/// under the root (Reddi et al., 2018).
template <bool Amsgrad>
struct adam_rule : minimization {
  static constexpr auto name = "KerasAdam";
  static constexpr std::string_view class_name = "Adam";
  static constexpr slot slots[] = {{"Adam", "/m"}, {"Adam", "/v"}};
  static constexpr void update(update_call& call) {
    handle const epsilon = call.parameters[first_own_parameter + 2];
    handle const m = first_mean(call), v = second_mean(call);
    call.slots[0] = m;
    call.slots[1] = v;
    call.result = call.variable - corrected_rate(call) * m / (sqrt(v) + epsilon);
  }

 protected:
  static constexpr handle beta_1(update_call const& call) { return call.parameters[first_own_parameter]; }
  static constexpr handle beta_2(update_call const& call) { return call.parameters[first_own_parameter + 1]; }
  static constexpr handle first_mean(update_call const& call) {
    return beta_1(call) * call.slots[0] + (1.0 - beta_1(call)) * call.gradient;
  }
  static constexpr handle second_mean(update_call const& call) {
    return beta_2(call) * call.slots[1] + (1.0 - beta_2(call)) * square(call.gradient);
  }
  static constexpr handle corrected_rate(update_call const& call) {
    handle const t = step_number(call);
    return decayed_rate(call) * sqrt(1.0 - pow(beta_2(call), t)) / (1.0 - pow(beta_1(call), t));
  }
};
template <>
struct adam_rule<true> : adam_rule<false> {
  static constexpr auto name = "KerasAmsgrad";
  static constexpr slot slots[] = {{"Adam", "/m"}, {"Adam", "/v"}, {"Adam", "/vhat"}};
  static constexpr void update(update_call& call) {
    handle const epsilon = call.parameters[first_own_parameter + 2];
    handle const m = first_mean(call), v = second_mean(call), largest = maximum(call.slots[2], v);
    call.slots[0] = m;
    call.slots[1] = v;
    call.slots[2] = largest;
    call.result = call.variable - corrected_rate(call) * m / (sqrt(largest) + epsilon);
  }
};

/// What Adam takes last for the variant that divides by the largest mean square so far.
struct amsgrad_t {};
inline constexpr amsgrad_t amsgrad{};

/// What Adam makes. A variable w has the means of its gradient and of its square in `w/Adam/m` and `w/Adam/v`, with
/// amsgrad the largest of the latter in `w/Adam/vhat`; all begin at 0.
template <name Name, class T, bool Amsgrad, clipping Clip>
class adam_optimizer : public optimizer<adam_optimizer<Name, T, Amsgrad, Clip>, adam_rule<Amsgrad>, Name, T, Clip> {
  using base = typename adam_optimizer::optimizer;

 public:
  constexpr explicit adam_optimizer(double lr, double beta_1 = 0.9, double beta_2 = 0.999, double epsilon = 1e-7,
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

struct adam_options {
  option beta_1 = 0.9;
  option beta_2 = 0.999;
  option epsilon = 1e-7;
  option decay{};
};
struct adam_options_and_clipvalue {
  option beta_1 = 0.9;
  option beta_2 = 0.999;
  option epsilon = 1e-7;
  option decay{};
  option clipvalue{};
};
struct adam_options_and_clipnorm {
  option beta_1 = 0.9;
  option beta_2 = 0.999;
  option epsilon = 1e-7;
  option decay{};
  option clipnorm{};
  option clipvalue{};
};

/// Adam as Keras has it (Kingma and Ba, 2014): `Adam(0.002)`, `Adam(0.001, {.beta_1 = 0.9, .beta_2 = 0.999, .epsilon =
/// 1e-7, .decay = 1e-4, .clipnorm = 1})`, `Adam(0.001, amsgrad)`, `Adam(0.001, {.decay = 1e-4}, amsgrad)`. Variables:
/// `Adam/lr`, `Adam/beta_1`, `Adam/beta_2`, `Adam/decay`, `Adam/iterations`. Refused: a negative number, a beta outside
/// [0, 1). The rest is as SGD has it.
template <name Name = "Adam", class T = float>
constexpr adam_optimizer<Name, T, false, clipping::none> Adam(option lr = 0.001) {
  return adam_optimizer<Name, T, false, clipping::none>(lr);
}
template <name Name = "Adam", class T = float>
constexpr adam_optimizer<Name, T, true, clipping::none> Adam(option lr, amsgrad_t) {
  return adam_optimizer<Name, T, true, clipping::none>(lr);
}
// Of these three the first one is called whose options have the names that the program writes: the further down, the
// more a rate has to be converted.
template <name Name = "Adam", class T = float, number Rate>
constexpr adam_optimizer<Name, T, false, clipping::none> Adam(Rate lr, adam_options o) {
  return adam_optimizer<Name, T, false, clipping::none>(option(lr), o.beta_1, o.beta_2, o.epsilon, o.decay);
}
template <name Name = "Adam", class T = float>
constexpr adam_optimizer<Name, T, false, clipping::by_value> Adam(long double lr, adam_options_and_clipvalue o) {
  return adam_optimizer<Name, T, false, clipping::by_value>(option(lr), o.beta_1, o.beta_2, o.epsilon, o.decay,
                                                            {o.clipvalue});
}
template <name Name = "Adam", class T = float>
constexpr adam_optimizer<Name, T, false, clipping::by_norm> Adam(option lr, adam_options_and_clipnorm o) {
  return adam_optimizer<Name, T, false, clipping::by_norm>(lr, o.beta_1, o.beta_2, o.epsilon, o.decay,
                                                           {o.clipvalue, o.clipnorm});
}
// The same with amsgrad.
template <name Name = "Adam", class T = float, number Rate>
constexpr adam_optimizer<Name, T, true, clipping::none> Adam(Rate lr, adam_options o, amsgrad_t) {
  return adam_optimizer<Name, T, true, clipping::none>(option(lr), o.beta_1, o.beta_2, o.epsilon, o.decay);
}
template <name Name = "Adam", class T = float>
constexpr adam_optimizer<Name, T, true, clipping::by_value> Adam(long double lr, adam_options_and_clipvalue o,
                                                                 amsgrad_t) {
  return adam_optimizer<Name, T, true, clipping::by_value>(option(lr), o.beta_1, o.beta_2, o.epsilon, o.decay,
                                                           {o.clipvalue});
}
template <name Name = "Adam", class T = float>
constexpr adam_optimizer<Name, T, true, clipping::by_norm> Adam(option lr, adam_options_and_clipnorm o, amsgrad_t) {
  return adam_optimizer<Name, T, true, clipping::by_norm>(lr, o.beta_1, o.beta_2, o.epsilon, o.decay,
                                                          {o.clipvalue, o.clipnorm});
}

}  // namespace keras::optimizers

TFX_END
