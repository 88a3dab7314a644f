// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/optimizers/optimizer.hpp>

TFX_BEGIN

namespace keras::optimizers {

/// w ← w − rate · gradient.
struct sgd_rule : minimization {
  static constexpr auto name = "KerasSGD";
  static constexpr std::string_view class_name = "SGD";
  static constexpr void update(update_call& call) { call.result = call.variable - decayed_rate(call) * call.gradient; }
};
/// m ← momentum · m − rate · gradient; w ← w + m, or, by Nesterov's rule, w ← w + momentum · m − rate · gradient.
struct sgd_momentum_rule : minimization {
  static constexpr auto name = "KerasSGDMomentum";
  static constexpr std::string_view class_name = "SGD";
  static constexpr slot slots[] = {{"SGD", "/momentum"}};
  static constexpr void update(update_call& call) {
    handle const rate = decayed_rate(call), momentum = call.parameters[first_own_parameter];
    // 1 by Nesterov's rule, else 0: both rules are one, whose coefficients depend on it.
    handle const nesterov = call.parameters[first_own_parameter + 1];
    handle const m = momentum * call.slots[0] - rate * call.gradient;
    call.slots[0] = m;
    call.result = call.variable + (1.0 + nesterov * (momentum - 1.0)) * m - nesterov * rate * call.gradient;
  }
};

/// What SGD makes. A variable w has its momentum in `w/SGD/momentum`, unless the optimizer was made of a rate alone.
template <name Name, class T, bool Momentum, clipping Clip>
class sgd_optimizer : public optimizer<sgd_optimizer<Name, T, Momentum, Clip>,
                                       std::conditional_t<Momentum, sgd_momentum_rule, sgd_rule>, Name, T, Clip> {
  using base = typename sgd_optimizer::optimizer;

 public:
  constexpr explicit sgd_optimizer(double lr, double momentum = 0, bool nesterov = false, double decay = 0,
                                   clip_limits<Clip> limits = {})
      : base(lr, limits), momentum_(momentum), nesterov_(nesterov ? 1 : 0), decay_(decay) {
    check_momentum(momentum);
    check_not_negative("decay", decay);
  }
  constexpr auto decay() const { return base::template hyperparameter<"decay">(decay_); }
  constexpr auto momentum() const {
    static_assert(Momentum, "tfx: SGD(lr) keeps no momentum: SGD(lr, {.momentum = 0.9})");
    return base::template hyperparameter<"momentum">(momentum_);
  }
  constexpr auto parameters() const {
    if constexpr (Momentum) {
      return std::tuple(base::lr(), base::iterations(), decay(), momentum(), nesterov_);
    } else {
      return std::tuple(base::lr(), base::iterations(), decay());
    }
  }

 private:
  double momentum_, nesterov_, decay_;
};

struct sgd_options {
  option momentum{};
  bool nesterov = false;
  option decay{};
};
struct sgd_options_and_clipvalue {
  option momentum{};
  bool nesterov = false;
  option decay{};
  option clipvalue{};
};
struct sgd_options_and_clipnorm {
  option momentum{};
  bool nesterov = false;
  option decay{};
  option clipnorm{};
  option clipvalue{};
};

/// Gradient descent as Keras has it: `SGD(0.1)`, `SGD(0.1, {.momentum = 0.9, .nesterov = true, .decay = 1e-4, .clipnorm
/// = 1})`. The rate is lr / (1 + decay · iterations). Variables: `SGD/lr`, `SGD/decay`, `SGD/iterations`, with options
/// `SGD/momentum` too; `SGD<"critic">(0.1)` has `critic/lr`. They are float, or T of `SGD<"SGD", double>(0.1)`.
/// Refused: a negative lr, decay or limit, a momentum outside [0, 1].
template <name Name = "SGD", class T = float>
constexpr sgd_optimizer<Name, T, false, clipping::none> SGD(option lr = 0.01) {
  return sgd_optimizer<Name, T, false, clipping::none>(lr);
}
// Of these three the first one is called whose options have the names that the program writes: the further down, the
// more a rate has to be converted.
template <name Name = "SGD", class T = float, number Rate>
constexpr sgd_optimizer<Name, T, true, clipping::none> SGD(Rate lr, sgd_options o) {
  return sgd_optimizer<Name, T, true, clipping::none>(option(lr), o.momentum, o.nesterov, o.decay);
}
template <name Name = "SGD", class T = float>
constexpr sgd_optimizer<Name, T, true, clipping::by_value> SGD(long double lr, sgd_options_and_clipvalue o) {
  return sgd_optimizer<Name, T, true, clipping::by_value>(option(lr), o.momentum, o.nesterov, o.decay, {o.clipvalue});
}
template <name Name = "SGD", class T = float>
constexpr sgd_optimizer<Name, T, true, clipping::by_norm> SGD(option lr, sgd_options_and_clipnorm o) {
  return sgd_optimizer<Name, T, true, clipping::by_norm>(lr, o.momentum, o.nesterov, o.decay,
                                                         {o.clipvalue, o.clipnorm});
}

}  // namespace keras::optimizers

TFX_END
