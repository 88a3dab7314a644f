// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/train/cosine_decay.hpp>

TFX_BEGIN

namespace detail {
struct linear_cosine_decay_of {
  constexpr auto operator()(auto rate, auto step, auto decay_steps, auto num_periods, auto alpha, auto beta) const {
    auto const number = [&](auto x) { return cast(x, rate.type()); };
    auto const steps = number(decay_steps), passed = minimum(number(step), steps) / steps;
    return rate * ((number(alpha) + (1.0 - passed)) * half_wave(2.0 * number(num_periods) * passed) + number(beta));
  }
};
}  // namespace detail

namespace train {
/// A rate that falls in waves which lose height linearly (Bello et al., 2017): learning_rate · ((alpha + 1 − p) · ½ (1
/// + cos(2π · num_periods · p)) + beta), where p is step / decay_steps, at most 1: `linear_cosine_decay(0.1f, steps,
/// 1000)`. Scalars, numbers or expressions; the result is of the rate's dtype.
template <class Rate, expression Step, class Steps, class Periods = double, class Alpha = double, class Beta = double,
          auto Site = [] {}>
constexpr auto linear_cosine_decay(Rate const& learning_rate, Step const& step, Steps const& decay_steps,
                                   Periods const& num_periods = Periods(0.5), Alpha const& alpha = Alpha(0),
                                   Beta const& beta = Beta(0.001)) {
  return detail::schedule<detail::linear_cosine_decay_of, Site>(learning_rate, step, decay_steps, num_periods, alpha,
                                                                beta);
}
}  // namespace train

TFX_END
