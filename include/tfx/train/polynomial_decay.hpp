// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/where.hpp>
#include <tfx/op/math/ceil.hpp>
#include <tfx/op/math/equal.hpp>
#include <tfx/op/math/minimum.hpp>
#include <tfx/op/math/pow.hpp>
#include <tfx/train/schedule.hpp>

TFX_BEGIN

namespace detail {
template <bool Cycle>
struct polynomial_decay_of {
  constexpr auto operator()(auto rate, auto step, auto decay_steps, auto end_learning_rate, auto power) const {
    auto const number = [&](auto x) { return cast(x, rate.type()); };
    auto s = number(step), steps = number(decay_steps);
    if constexpr (Cycle) {
      steps = steps * where(equal(s, 0.0), 1.0, ceil(s / steps));
    } else {
      s = minimum(s, steps);
    }
    auto const end = number(end_learning_rate);
    return (rate - end) * pow(1.0 - s / steps, number(power)) + end;
  }
};
}  // namespace detail

namespace train {
/// What polynomial_decay takes last to begin anew, with a multiple of `decay_steps`, each time that they are over.
struct cycle_t {};
inline constexpr cycle_t cycle{};

/// A rate that comes to `end_learning_rate` after `decay_steps`: (learning_rate − end) · (1 − step / decay_steps)^power
/// + end, with the step cut at decay_steps: `polynomial_decay(0.1f, steps, 1000, 0.001f, 0.5f)`. With `cycle` behind
/// these decay_steps is the next multiple of itself that the step does not pass. Scalars, numbers or expressions; the
/// result is of the rate's dtype.
template <class Rate, expression Step, class Steps, class End = double, class Power = double, auto Site = [] {}>
constexpr auto polynomial_decay(Rate const& learning_rate, Step const& step, Steps const& decay_steps,
                                End const& end_learning_rate = End(0.0001), Power const& power = Power(1)) {
  return detail::schedule<detail::polynomial_decay_of<false>, Site>(learning_rate, step, decay_steps, end_learning_rate,
                                                                    power);
}
template <class Rate, expression Step, class Steps, class End, class Power, auto Site = [] {}>
constexpr auto polynomial_decay(Rate const& learning_rate, Step const& step, Steps const& decay_steps,
                                End const& end_learning_rate, Power const& power, cycle_t) {
  return detail::schedule<detail::polynomial_decay_of<true>, Site>(learning_rate, step, decay_steps, end_learning_rate,
                                                                   power);
}
}  // namespace train

TFX_END
