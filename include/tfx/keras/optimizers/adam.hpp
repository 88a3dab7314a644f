// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <concepts>
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
  static constexpr void update(auto& call) {
    auto const m = first_mean(call), v = second_mean(call);
    call.slots[0] = m;
    call.slots[1] = v;
    call.result = call.variable - corrected_rate(call) * m / (sqrt(v) + epsilon(call));
  }

 protected:
  static constexpr auto beta_1(auto const& call) { return call.parameters[first_own_parameter]; }
  static constexpr auto beta_2(auto const& call) { return call.parameters[first_own_parameter + 1]; }
  static constexpr auto epsilon(auto const& call) { return call.parameters[first_own_parameter + 2]; }
  static constexpr auto first_mean(auto const& call) {
    return beta_1(call) * call.slots[0] + (1.0 - beta_1(call)) * call.gradient;
  }
  static constexpr auto second_mean(auto const& call) {
    return beta_2(call) * call.slots[1] + (1.0 - beta_2(call)) * square(call.gradient);
  }
  static constexpr auto corrected_rate(auto const& call) {
    auto const t = step_number(call);
    return decayed_rate(call) * sqrt(1.0 - pow(beta_2(call), t)) / (1.0 - pow(beta_1(call), t));
  }
};
template <>
struct adam_rule<true> : adam_rule<false> {
  static constexpr auto name = "KerasAmsgrad";
  static constexpr slot slots[] = {{"Adam", "/m"}, {"Adam", "/v"}, {"Adam", "/vhat"}};
  static constexpr void update(auto& call) {
    auto const m = first_mean(call), v = second_mean(call), largest = maximum(call.slots[2], v);
    call.slots[0] = m;
    call.slots[1] = v;
    call.slots[2] = largest;
    call.result = call.variable - corrected_rate(call) * m / (sqrt(largest) + epsilon(call));
  }
};

/// What Adam takes last for the variant that divides by the largest mean square so far.
struct amsgrad_t {};
inline constexpr amsgrad_t amsgrad{};

template <clipping Clip>
struct adam_options {
  option beta_1 = 0.9;
  option beta_2 = 0.999;
  option epsilon = 1e-7;
  option decay{};
  clipnorm_option<Clip> clipnorm{};
  clipvalue_option<Clip> clipvalue{};
};

/// What Adam makes, and Adamax. A variable w has the means of its gradient and of its square in `w/Adam/m` and
/// `w/Adam/v`, with amsgrad the largest of the latter in `w/Adam/vhat`, with Adamax the mean of its gradient in
/// `w/Adamax/m` and its decaying maximum in `w/Adamax/v`; all begin at 0.
template <class Rule, name Name, class T, clipping Clip>
class adam_optimizer : public optimizer<adam_optimizer<Rule, Name, T, Clip>, Rule, Name, T, adam_options, Clip> {
  using base = typename adam_optimizer::optimizer;
  using base::options_;

 public:
  constexpr adam_optimizer(double lr, adam_options<Clip> const& options) : base(lr, options) {
    check_beta("beta_1", options.beta_1);
    check_beta("beta_2", options.beta_2);
    check_not_negative("epsilon", options.epsilon);
  }
  constexpr auto beta_1() const { return base::template hyperparameter<"beta_1">(options_.beta_1); }
  constexpr auto beta_2() const { return base::template hyperparameter<"beta_2">(options_.beta_2); }
  constexpr auto own_parameters() const { return std::tuple(beta_1(), beta_2(), options_.epsilon.value); }
};

/// Adam as Keras has it (Kingma and Ba, 2014): `Adam(0.002)`, `Adam(0.001, {.beta_1 = 0.9, .beta_2 = 0.999, .epsilon =
/// 1e-7, .decay = 1e-4, .clipnorm = 1})`, `Adam(0.001, amsgrad)`, `Adam(0.001, {.decay = 1e-4}, amsgrad)`. Variables:
/// `Adam/lr`, `Adam/beta_1`, `Adam/beta_2`, `Adam/decay`, `Adam/iterations`. Refused: a negative number, a beta outside
/// [0, 1). The rest is as SGD has it.
template <name Name = "Adam", class T = float, number Rate = double, std::same_as<amsgrad_t>... A>
constexpr adam_optimizer<adam_rule<(sizeof...(A) > 0)>, Name, T, clipping::none> Adam(
    Rate lr = 0.001, adam_options<clipping::none> o = {}, A...) {
  return {option(lr), o};
}
template <name Name = "Adam", class T = float, std::same_as<amsgrad_t>... A>
constexpr adam_optimizer<adam_rule<(sizeof...(A) > 0)>, Name, T, clipping::by_value> Adam(
    long double lr, adam_options<clipping::by_value> o, A...) {
  return {option(lr), o};
}
template <name Name = "Adam", class T = float, std::same_as<amsgrad_t>... A>
constexpr adam_optimizer<adam_rule<(sizeof...(A) > 0)>, Name, T, clipping::by_norm> Adam(
    option lr, adam_options<clipping::by_norm> o, A...) {
  return {lr, o};
}
template <name Name = "Adam", class T = float>
constexpr adam_optimizer<adam_rule<true>, Name, T, clipping::none> Adam(option lr, amsgrad_t) {
  return {lr, {}};
}

}  // namespace keras::optimizers

TFX_END
