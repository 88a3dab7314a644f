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
  static constexpr void update(update_call& call) {
    handle const rho = call.parameters[first_own_parameter], epsilon = call.parameters[first_own_parameter + 1];
    handle const a = rho * call.slots[0] + (1.0 - rho) * square(call.gradient);
    call.slots[0] = a;
    call.result = call.variable - decayed_rate(call) * call.gradient / (sqrt(a) + epsilon);
  }
};

/// What RMSprop makes. A variable w has the mean of its gradient's square in `w/RMSprop/rms`, which begins at 0.
template <name Name, class T, clipping Clip>
class rmsprop_optimizer : public optimizer<rmsprop_optimizer<Name, T, Clip>, rmsprop_rule, Name, T, Clip> {
  using base = typename rmsprop_optimizer::optimizer;

 public:
  constexpr explicit rmsprop_optimizer(double lr, double rho = 0.9, double epsilon = 1e-7, double decay = 0,
                                       clip_limits<Clip> limits = {})
      : base(lr, limits), rho_(rho), epsilon_(epsilon), decay_(decay) {
    check_not_negative("rho", rho);
    check_not_negative("epsilon", epsilon);
    check_not_negative("decay", decay);
  }
  constexpr auto rho() const { return base::template hyperparameter<"rho">(rho_); }
  constexpr auto decay() const { return base::template hyperparameter<"decay">(decay_); }
  constexpr auto parameters() const { return std::tuple(base::lr(), base::iterations(), decay(), rho(), epsilon_); }

 private:
  double rho_, epsilon_, decay_;
};

struct rmsprop_options {
  option rho = 0.9;
  option epsilon = 1e-7;
  option decay{};
};
struct rmsprop_options_and_clipvalue {
  option rho = 0.9;
  option epsilon = 1e-7;
  option decay{};
  option clipvalue{};
};
struct rmsprop_options_and_clipnorm {
  option rho = 0.9;
  option epsilon = 1e-7;
  option decay{};
  option clipnorm{};
  option clipvalue{};
};

/// RMSprop as Keras has it (Hinton, 2012): `RMSprop(0.001)`, `RMSprop(0.001, {.rho = 0.9, .epsilon = 1e-7, .decay =
/// 1e-4, .clipnorm = 1})`. Variables: `RMSprop/lr`, `RMSprop/rho`, `RMSprop/decay`, `RMSprop/iterations`. Refused: a
/// negative number. The rest is as SGD has it.
template <name Name = "RMSprop", class T = float>
constexpr rmsprop_optimizer<Name, T, clipping::none> RMSprop(option lr = 0.001) {
  return rmsprop_optimizer<Name, T, clipping::none>(lr);
}
// Of these three the first one is called whose options have the names that the program writes: the further down, the
// more a rate has to be converted.
template <name Name = "RMSprop", class T = float, number Rate>
constexpr rmsprop_optimizer<Name, T, clipping::none> RMSprop(Rate lr, rmsprop_options o) {
  return rmsprop_optimizer<Name, T, clipping::none>(option(lr), o.rho, o.epsilon, o.decay);
}
template <name Name = "RMSprop", class T = float>
constexpr rmsprop_optimizer<Name, T, clipping::by_value> RMSprop(long double lr, rmsprop_options_and_clipvalue o) {
  return rmsprop_optimizer<Name, T, clipping::by_value>(option(lr), o.rho, o.epsilon, o.decay, {o.clipvalue});
}
template <name Name = "RMSprop", class T = float>
constexpr rmsprop_optimizer<Name, T, clipping::by_norm> RMSprop(option lr, rmsprop_options_and_clipnorm o) {
  return rmsprop_optimizer<Name, T, clipping::by_norm>(lr, o.rho, o.epsilon, o.decay, {o.clipvalue, o.clipnorm});
}

}  // namespace keras::optimizers

TFX_END
