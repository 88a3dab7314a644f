// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/optimizers/optimizer.hpp>
#include <tfx/op/math/add.hpp>
#include <tfx/op/math/divide.hpp>
#include <tfx/op/math/sqrt.hpp>
#include <tfx/op/math/square.hpp>

TFX_BEGIN

namespace keras::optimizers {

/// a ← a + gradient²; w ← w − rate · gradient / (√a + epsilon).
struct adagrad_rule : minimization {
  static constexpr auto name = "KerasAdagrad";
  static constexpr std::string_view class_name = "Adagrad";
  static constexpr slot slots[] = {{"Adagrad", "/accumulator"}};
  static constexpr void update(update_call& call) {
    handle const a = call.slots[0] + square(call.gradient);
    call.slots[0] = a;
    call.result = call.variable - decayed_rate(call) * call.gradient / (sqrt(a) + call.parameters[first_own_parameter]);
  }
};

/// What Adagrad makes. A variable w has the sum of its gradients' squares in `w/Adagrad/accumulator`, which begins at
/// 0.
template <name Name, class T, clipping Clip>
class adagrad_optimizer : public optimizer<adagrad_optimizer<Name, T, Clip>, adagrad_rule, Name, T, Clip> {
  using base = typename adagrad_optimizer::optimizer;

 public:
  constexpr explicit adagrad_optimizer(double lr, double epsilon = 1e-7, double decay = 0,
                                       clip_limits<Clip> limits = {})
      : base(lr, limits), epsilon_(epsilon), decay_(decay) {
    check_not_negative("epsilon", epsilon);
    check_not_negative("decay", decay);
  }
  constexpr auto decay() const { return base::template hyperparameter<"decay">(decay_); }
  constexpr auto parameters() const { return std::tuple(base::lr(), base::iterations(), decay(), epsilon_); }

 private:
  double epsilon_, decay_;
};

struct adagrad_options {
  option epsilon = 1e-7;
  option decay{};
};
struct adagrad_options_and_clipvalue {
  option epsilon = 1e-7;
  option decay{};
  option clipvalue{};
};
struct adagrad_options_and_clipnorm {
  option epsilon = 1e-7;
  option decay{};
  option clipnorm{};
  option clipvalue{};
};

/// Adagrad as Keras has it (Duchi et al., 2011): `Adagrad(0.01)`, `Adagrad(0.01, {.epsilon = 1e-7, .decay = 1e-4,
/// .clipnorm = 1})`. Variables: `Adagrad/lr`, `Adagrad/decay`, `Adagrad/iterations`. Refused: a negative number. The
/// rest is as SGD has it.
template <name Name = "Adagrad", class T = float>
constexpr adagrad_optimizer<Name, T, clipping::none> Adagrad(option lr = 0.01) {
  return adagrad_optimizer<Name, T, clipping::none>(lr);
}
// Of these three the first one is called whose options have the names that the program writes: the further down, the
// more a rate has to be converted.
template <name Name = "Adagrad", class T = float, number Rate>
constexpr adagrad_optimizer<Name, T, clipping::none> Adagrad(Rate lr, adagrad_options o) {
  return adagrad_optimizer<Name, T, clipping::none>(option(lr), o.epsilon, o.decay);
}
template <name Name = "Adagrad", class T = float>
constexpr adagrad_optimizer<Name, T, clipping::by_value> Adagrad(long double lr, adagrad_options_and_clipvalue o) {
  return adagrad_optimizer<Name, T, clipping::by_value>(option(lr), o.epsilon, o.decay, {o.clipvalue});
}
template <name Name = "Adagrad", class T = float>
constexpr adagrad_optimizer<Name, T, clipping::by_norm> Adagrad(option lr, adagrad_options_and_clipnorm o) {
  return adagrad_optimizer<Name, T, clipping::by_norm>(lr, o.epsilon, o.decay, {o.clipvalue, o.clipnorm});
}

}  // namespace keras::optimizers

TFX_END
