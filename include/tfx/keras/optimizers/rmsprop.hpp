// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/optimizers/optimizer.hpp>
#include <tfx/op/math/add.hpp>
#include <tfx/op/math/divide.hpp>
#include <tfx/op/math/sqrt.hpp>
#include <tfx/op/math/square.hpp>

TFX_BEGIN

namespace keras::optimizers {

/// a ← rho · a + (1 − rho) · gradient²; w ← w − rate · gradient / (√a + epsilon).
struct rmsprop_rule : minimization {
  static constexpr auto name = "KerasRMSprop";
  static constexpr std::string_view class_name = "RMSprop";
  static constexpr slot slots[] = {{"RMSprop", "/rms"}};
  static constexpr void update(auto& call) {
    auto const rho = call.parameters[first_own_parameter], epsilon = call.parameters[first_own_parameter + 1];
    auto const a = rho * call.slots[0] + (1.0 - rho) * square(call.gradient);
    call.slots[0] = a;
    call.result = call.variable - decayed_rate(call) * call.gradient / (sqrt(a) + epsilon);
  }
};

template <clipping Clip>
struct rmsprop_options {
  option rho = 0.9;
  option epsilon = 1e-7;
  option decay{};
  clipnorm_option<Clip> clipnorm{};
  clipvalue_option<Clip> clipvalue{};
};

/// What RMSprop makes. A variable w has the mean of its gradient's square in `w/RMSprop/rms`, which begins at 0.
template <name Name, class T, clipping Clip>
class rmsprop_optimizer
    : public optimizer<rmsprop_optimizer<Name, T, Clip>, rmsprop_rule, Name, T, rmsprop_options, Clip> {
  using base = typename rmsprop_optimizer::optimizer;
  using base::options_;

 public:
  constexpr rmsprop_optimizer(double lr, rmsprop_options<Clip> const& options) : base(lr, options) {
    check_not_negative("rho", options.rho);
    check_not_negative("epsilon", options.epsilon);
  }
  constexpr auto rho() const { return base::template hyperparameter<"rho">(options_.rho); }
  constexpr auto own_parameters() const { return std::tuple(rho(), options_.epsilon.value); }
};

/// RMSprop as Keras has it (Hinton, 2012): `RMSprop(0.001)`, `RMSprop(0.001, {.rho = 0.9, .epsilon = 1e-7, .decay =
/// 1e-4, .clipnorm = 1})`. Variables: `RMSprop/lr`, `RMSprop/rho`, `RMSprop/decay`, `RMSprop/iterations`. Refused: a
/// negative number. The rest is as SGD has it.
template <name Name = "RMSprop", class T = float, number Rate = double>
constexpr rmsprop_optimizer<Name, T, clipping::none> RMSprop(Rate lr = 0.001, rmsprop_options<clipping::none> o = {}) {
  return {option(lr), o};
}
template <name Name = "RMSprop", class T = float>
constexpr rmsprop_optimizer<Name, T, clipping::by_value> RMSprop(long double lr,
                                                                 rmsprop_options<clipping::by_value> o) {
  return {option(lr), o};
}
template <name Name = "RMSprop", class T = float>
constexpr rmsprop_optimizer<Name, T, clipping::by_norm> RMSprop(option lr, rmsprop_options<clipping::by_norm> o) {
  return {lr, o};
}

}  // namespace keras::optimizers

TFX_END
