// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/optimizers/optimizer.hpp>
#include <tfx/op/math/add.hpp>
#include <tfx/op/math/divide.hpp>
#include <tfx/op/math/sqrt.hpp>
#include <tfx/op/math/square.hpp>

TFX_BEGIN

namespace keras::optimizers {

/// a ← rho · a + (1 − rho) · gradient²; u = gradient · √(d + epsilon) / √(a + epsilon); w ← w − rate · u;
/// d ← rho · d + (1 − rho) · u².
struct adadelta_rule : minimization {
  static constexpr auto name = "KerasAdadelta";
  static constexpr std::string_view class_name = "Adadelta";
  static constexpr slot slots[] = {{"Adadelta", "/accum_grad"}, {"Adadelta", "/accum_var"}};
  static constexpr void update(auto& call) {
    auto const rho = call.parameters[first_own_parameter], epsilon = call.parameters[first_own_parameter + 1];
    auto const a = rho * call.slots[0] + (1.0 - rho) * square(call.gradient);
    auto const u = call.gradient * sqrt(call.slots[1] + epsilon) / sqrt(a + epsilon);
    call.slots[0] = a;
    call.slots[1] = rho * call.slots[1] + (1.0 - rho) * square(u);
    call.result = call.variable - decayed_rate(call) * u;
  }
};

template <clipping Clip>
struct adadelta_options {
  option rho = 0.95;
  option epsilon = 1e-7;
  option decay{};
  clipnorm_option<Clip> clipnorm{};
  clipvalue_option<Clip> clipvalue{};
};

/// What Adadelta makes. A variable w has the means of its gradient's and its changes' squares in
/// `w/Adadelta/accum_grad` and `w/Adadelta/accum_var`, which begin at 0.
template <name Name, class T, clipping Clip>
class adadelta_optimizer
    : public optimizer<adadelta_optimizer<Name, T, Clip>, adadelta_rule, Name, T, adadelta_options, Clip> {
  using base = typename adadelta_optimizer::optimizer;
  using base::options_;

 public:
  constexpr adadelta_optimizer(double lr, adadelta_options<Clip> const& options) : base(lr, options) {
    check_not_negative("rho", options.rho);
    check_not_negative("epsilon", options.epsilon);
  }
  constexpr auto own_parameters() const { return std::tuple(options_.rho.value, options_.epsilon.value); }
};

/// Adadelta as Keras has it (Zeiler, 2012): `Adadelta()`, whose lr is 1, `Adadelta(1, {.rho = 0.95, .epsilon = 1e-7,
/// .decay = 1e-4, .clipnorm = 1})`. Variables: `Adadelta/lr`, `Adadelta/decay`, `Adadelta/iterations`. Refused: a
/// negative number. The rest is as SGD has it.
template <name Name = "Adadelta", class T = float, number Rate = double>
constexpr adadelta_optimizer<Name, T, clipping::none> Adadelta(Rate lr = 1.0, adadelta_options<clipping::none> o = {}) {
  return {option(lr), o};
}
template <name Name = "Adadelta", class T = float>
constexpr adadelta_optimizer<Name, T, clipping::by_value> Adadelta(long double lr,
                                                                   adadelta_options<clipping::by_value> o) {
  return {option(lr), o};
}
template <name Name = "Adadelta", class T = float>
constexpr adadelta_optimizer<Name, T, clipping::by_norm> Adadelta(option lr, adadelta_options<clipping::by_norm> o) {
  return {lr, o};
}

}  // namespace keras::optimizers

TFX_END
