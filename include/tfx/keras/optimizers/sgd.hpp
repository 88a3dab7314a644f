// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/optimizers/optimizer.hpp>

TFX_BEGIN

namespace keras::optimizers {

/// w ← w − rate · gradient.
struct sgd_rule : minimization {
  static constexpr auto name = "KerasSGD";
  static constexpr std::string_view class_name = "SGD";
  static constexpr void update(auto& call) { call.result = call.variable - decayed_rate(call) * call.gradient; }
};
/// m ← momentum · m − rate · gradient; w ← w + m, or, by Nesterov's rule, w ← w + momentum · m − rate · gradient.
struct sgd_momentum_rule : minimization {
  static constexpr auto name = "KerasSGDMomentum";
  static constexpr std::string_view class_name = "SGD";
  static constexpr slot slots[] = {{"SGD", "/momentum"}};
  static constexpr void update(auto& call) {
    auto const rate = decayed_rate(call), momentum = call.parameters[first_own_parameter];
    // 1 by Nesterov's rule, else 0: both rules are one, whose coefficients depend on it.
    auto const nesterov = call.parameters[first_own_parameter + 1];
    auto const m = momentum * call.slots[0] - rate * call.gradient;
    call.slots[0] = m;
    call.result = call.variable + (1.0 + nesterov * (momentum - 1.0)) * m - nesterov * rate * call.gradient;
  }
};

template <clipping Clip>
struct sgd_options {
  option momentum{};
  bool nesterov = false;
  option decay{};
  clipnorm_option<Clip> clipnorm{};
  clipvalue_option<Clip> clipvalue{};
};

/// What SGD makes. A variable w has its momentum in `w/SGD/momentum`, unless the optimizer was made of a rate alone.
template <name Name, class T, bool Momentum, clipping Clip>
class sgd_optimizer
    : public optimizer<sgd_optimizer<Name, T, Momentum, Clip>,
                       std::conditional_t<Momentum, sgd_momentum_rule, sgd_rule>, Name, T, sgd_options, Clip> {
  using base = typename sgd_optimizer::optimizer;
  using base::options_;

 public:
  constexpr sgd_optimizer(double lr, sgd_options<Clip> const& options) : base(lr, options) {
    check_momentum(options.momentum);
  }
  constexpr auto momentum() const {
    static_assert(Momentum, "tfx: SGD(lr) keeps no momentum: SGD(lr, {.momentum = 0.9})");
    return base::template hyperparameter<"momentum">(options_.momentum);
  }
  constexpr auto own_parameters() const {
    if constexpr (Momentum) {
      return std::tuple(momentum(), options_.nesterov ? 1.0 : 0.0);
    } else {
      return std::tuple();
    }
  }
};

/// Gradient descent as Keras has it: `SGD(0.1)`, `SGD(0.1, {.momentum = 0.9, .nesterov = true, .decay = 1e-4, .clipnorm
/// = 1})`. The rate is lr / (1 + decay · iterations). Variables: `SGD/lr`, `SGD/decay`, `SGD/iterations`, with options
/// `SGD/momentum` too; `SGD<"critic">(0.1)` has `critic/lr`. They are float, or T of `SGD<"SGD", double>(0.1)`.
/// Refused: a negative lr, decay or limit, a momentum outside [0, 1].
template <name Name = "SGD", class T = float>
constexpr sgd_optimizer<Name, T, false, clipping::none> SGD(option lr = 0.01) {
  return {lr, {}};
}
template <name Name = "SGD", class T = float, number Rate>
constexpr sgd_optimizer<Name, T, true, clipping::none> SGD(Rate lr, sgd_options<clipping::none> o) {
  return {option(lr), o};
}
template <name Name = "SGD", class T = float>
constexpr sgd_optimizer<Name, T, true, clipping::by_value> SGD(long double lr, sgd_options<clipping::by_value> o) {
  return {option(lr), o};
}
template <name Name = "SGD", class T = float>
constexpr sgd_optimizer<Name, T, true, clipping::by_norm> SGD(option lr, sgd_options<clipping::by_norm> o) {
  return {lr, o};
}

}  // namespace keras::optimizers

TFX_END
