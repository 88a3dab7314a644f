// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/pow.hpp>
#include <tfx/op/math/sqrt.hpp>
#include <tfx/op/random/random_normal.hpp>
#include <tfx/train/cosine_decay.hpp>

TFX_BEGIN

namespace detail {
struct noisy_linear_cosine_decay_of {
  constexpr auto operator()(auto rate, auto step, auto noise, auto decay_steps, auto initial_variance,
                            auto variance_decay, auto num_periods, auto alpha, auto beta) const {
    auto const number = [&](auto x) { return cast(x, rate.type()); };
    auto const steps = number(decay_steps), s = minimum(number(step), steps), passed = s / steps;
    auto const deviation = sqrt(number(initial_variance) / pow(1.0 + s, number(variance_decay)));
    auto const height = number(alpha) + ((1.0 - passed) + number(noise) * deviation);
    return rate * (height * half_wave(2.0 * number(num_periods) * passed) + number(beta));
  }
};
}  // namespace detail

namespace train {
/// linear_cosine_decay with noise on the height of the waves (Bello et al., 2017): normal, of the variance
/// initial_variance / (1 + step)^variance_decay. `noisy_linear_cosine_decay(0.1f, steps, 1000)`; a name tells the noise
/// of calls in a helper apart, as of every random op. Scalars, numbers or expressions; the result is of the rate's
/// dtype.
template <name Name = "", class Rate, typed_expression Step, class Steps, class Variance = double, class Decay = double,
          class Periods = double, class Alpha = double, class Beta = double, auto Site = [] {}>
constexpr auto noisy_linear_cosine_decay(Rate const& learning_rate, Step const& step, Steps const& decay_steps,
                                         Variance const& initial_variance = Variance(1),
                                         Decay const& variance_decay = Decay(0.55),
                                         Periods const& num_periods = Periods(0.5), Alpha const& alpha = Alpha(0),
                                         Beta const& beta = Beta(0.001)) {
  auto const noise = detail::random_of<random_normal_op, Name, detail::floating_of<Rate>, Site>::make();
  using F = detail::noisy_linear_cosine_decay_of;
  return detail::schedule<F, Site>(learning_rate, step, noise, decay_steps, initial_variance, variance_decay,
                                   num_periods, alpha, beta);
}
}  // namespace train

TFX_END
