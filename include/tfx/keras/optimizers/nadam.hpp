// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/composition.hpp>
#include <tfx/keras/optimizers/optimizer.hpp>
#include <tfx/op/math/add.hpp>
#include <tfx/op/math/cast.hpp>
#include <tfx/op/math/divide.hpp>
#include <tfx/op/math/pow.hpp>
#include <tfx/op/math/sqrt.hpp>
#include <tfx/op/math/square.hpp>

TFX_BEGIN

namespace keras::optimizers {

namespace detail {
/// μ in step t: β₁ · (1 − 0.96^(schedule_decay · t) / 2).
constexpr auto nadam_momentum(auto const& beta_1, auto const& t, auto const& schedule_decay) {
  return beta_1 * (1.0 - 0.5 * pow(0.96, t * schedule_decay));
}
/// The product of all momenta, after this step.
struct nadam_schedule {
  constexpr auto operator()(auto schedule, auto beta_1, auto iterations, auto schedule_decay) const {
    return schedule * nadam_momentum(beta_1, cast(iterations, schedule.type()) + 1.0, schedule_decay);
  }
};
}  // namespace detail

/// μ = β₁ · (1 − 0.96^(schedule_decay · t) / 2) in step t, μ′ in the next one; s ← s · μ, which all variables share;
/// m ← β₁ · m + (1 − β₁) · gradient; v ← β₂ · v + (1 − β₂) · gradient²;
/// w ← w − lr · ((1 − μ) / (1 − s) · gradient + μ′ / (1 − s · μ′) · m) / (√(v / (1 − β₂ᵗ)) + epsilon).
struct nadam_rule : minimization {
  static constexpr auto name = "KerasNadam";
  static constexpr std::string_view class_name = "Nadam";
  static constexpr slot slots[] = {{"Nadam", "/m"}, {"Nadam", "/v"}};
  static constexpr void update(auto& call) {
    auto const lr = call.parameters[rate_parameter], t = step_number(call);
    auto const beta_1 = call.parameters[2], beta_2 = call.parameters[3];
    auto const epsilon = call.parameters[5], schedule_decay = call.parameters[6];
    auto const now = detail::nadam_momentum(beta_1, t, schedule_decay);
    auto const next = detail::nadam_momentum(beta_1, t + 1.0, schedule_decay);
    auto const schedule = call.parameters[4] * now;
    auto const m = beta_1 * call.slots[0] + (1.0 - beta_1) * call.gradient;
    auto const v = beta_2 * call.slots[1] + (1.0 - beta_2) * square(call.gradient);
    // √(v / (1 − β₂ᵗ)) + epsilon is correction · (√v + epsilon / correction): what depends on parameters alone is
    // computed once, so that a variable's step has few operations and is one loop.
    auto const correction = sqrt(1.0 / (1.0 - pow(beta_2, t)));
    auto const of_gradient = lr * (1.0 - now) / (1.0 - schedule) / correction;
    auto const of_mean = lr * next / (1.0 - schedule * next) / correction;
    call.slots[0] = m;
    call.slots[1] = v;
    call.result = call.variable - (of_gradient * call.gradient + of_mean * m) / (sqrt(v) + epsilon / correction);
  }
};

template <clipping Clip>
struct nadam_options {
  option beta_1 = 0.9;
  option beta_2 = 0.999;
  option epsilon = 1e-7;
  option schedule_decay = 0.004;
  clipnorm_option<Clip> clipnorm{};
  clipvalue_option<Clip> clipvalue{};
};

/// What Nadam makes. A variable w has the means of its gradient and of its square in `w/Nadam/m` and `w/Nadam/v`, which
/// begin at 0.
template <name Name, class T, clipping Clip>
class nadam_optimizer : public optimizer<nadam_optimizer<Name, T, Clip>, nadam_rule, Name, T, nadam_options, Clip> {
  using base = typename nadam_optimizer::optimizer;
  using base::options_;

 public:
  constexpr nadam_optimizer(double lr, nadam_options<Clip> const& options) : base(lr, options) {
    check_beta("beta_1", options.beta_1);
    check_beta("beta_2", options.beta_2);
    check_not_negative("epsilon", options.epsilon);
    check_not_negative("schedule_decay", options.schedule_decay);
  }
  constexpr auto beta_1() const { return base::template hyperparameter<"beta_1">(options_.beta_1); }
  constexpr auto beta_2() const { return base::template hyperparameter<"beta_2">(options_.beta_2); }
  /// The product of all momenta so far, a variable.
  static constexpr auto m_schedule() { return base::template hyperparameter<"m_schedule">(1); }
  constexpr auto more_changes() const {
    auto const schedule = m_schedule();
    auto const decay = lift<decltype(schedule), member_site<Name>{}>(options_.schedule_decay.value, schedule);
    return schedule.assign(composition<detail::nadam_schedule>(schedule, beta_1(), base::iterations(), decay));
  }
  constexpr auto own_parameters() const {
    return std::tuple(beta_1(), beta_2(), m_schedule(), options_.epsilon.value, options_.schedule_decay.value);
  }
};

/// Nadam as Keras has it (Dozat, 2016): `Nadam(0.002)`, `Nadam(0.002, {.beta_1 = 0.9, .beta_2 = 0.999, .epsilon = 1e-7,
/// .schedule_decay = 0.004, .clipnorm = 1})`. It has no decay, as in Keras. Variables: `Nadam/lr`, `Nadam/beta_1`,
/// `Nadam/beta_2`, `Nadam/m_schedule`, `Nadam/iterations`. Refused: a negative number, a beta outside [0, 1). The rest
/// is as SGD has it.
template <name Name = "Nadam", class T = float, number Rate = double>
constexpr nadam_optimizer<Name, T, clipping::none> Nadam(Rate lr = 0.002, nadam_options<clipping::none> o = {}) {
  return {option(lr), o};
}
template <name Name = "Nadam", class T = float>
constexpr nadam_optimizer<Name, T, clipping::by_value> Nadam(long double lr, nadam_options<clipping::by_value> o) {
  return {option(lr), o};
}
template <name Name = "Nadam", class T = float>
constexpr nadam_optimizer<Name, T, clipping::by_norm> Nadam(option lr, nadam_options<clipping::by_norm> o) {
  return {lr, o};
}

}  // namespace keras::optimizers

TFX_END
