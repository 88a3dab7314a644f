// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/optimizers/adam.hpp>
#include <tfx/op/math/abs.hpp>

TFX_BEGIN

namespace keras::optimizers {

/// m ← β₁ · m + (1 − β₁) · gradient; v ← max(β₂ · v, |gradient|); w ← w − rate / (1 − β₁ᵗ) · m / (v + epsilon), in step
/// t.
struct adamax_rule : adam_rule<false> {
  static constexpr auto name = "KerasAdamax";
  static constexpr std::string_view class_name = "Adamax";
  static constexpr slot slots[] = {{"Adamax", "/m"}, {"Adamax", "/v"}};
  static constexpr void update(auto& call) {
    auto const rate = decayed_rate(call) / (1.0 - pow(beta_1(call), step_number(call)));
    auto const m = first_mean(call), v = maximum(beta_2(call) * call.slots[1], abs(call.gradient));
    call.slots[0] = m;
    call.slots[1] = v;
    call.result = call.variable - rate * m / (v + epsilon(call));
  }
};

/// Adamax as Keras has it (Kingma and Ba, 2014, section 7): `Adamax(0.002)`, `Adamax(0.002, {.beta_1 = 0.9, .beta_2 =
/// 0.999, .epsilon = 1e-7, .decay = 1e-4, .clipnorm = 1})`. Variables: `Adamax/lr`, `Adamax/beta_1`, `Adamax/beta_2`,
/// `Adamax/decay`, `Adamax/iterations`. Refused: a negative number, a beta outside [0, 1). The rest is as SGD has it.
template <name Name = "Adamax", class T = float, number Rate = double>
constexpr adam_optimizer<adamax_rule, Name, T, clipping::none> Adamax(Rate lr = 0.002,
                                                                      adam_options<clipping::none> o = {}) {
  return {option(lr), o};
}
template <name Name = "Adamax", class T = float>
constexpr adam_optimizer<adamax_rule, Name, T, clipping::by_value> Adamax(long double lr,
                                                                          adam_options<clipping::by_value> o) {
  return {option(lr), o};
}
template <name Name = "Adamax", class T = float>
constexpr adam_optimizer<adamax_rule, Name, T, clipping::by_norm> Adamax(option lr, adam_options<clipping::by_norm> o) {
  return {lr, o};
}

}  // namespace keras::optimizers

TFX_END
