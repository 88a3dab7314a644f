// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/minimum.hpp>
#include <tfx/op/math/sin.hpp>
#include <tfx/train/schedule.hpp>

TFX_BEGIN

namespace detail {
/// From 1 down to 0 while `passed` goes from 0 to 1: half a wave.
constexpr auto half_wave(auto passed) { return 0.5 * (1.0 + cos(3.14159265358979323846 * passed)); }

struct cosine_decay_of {
  constexpr auto operator()(auto rate, auto step, auto decay_steps, auto alpha) const {
    auto const steps = cast(decay_steps, rate.type()), least = cast(alpha, rate.type());
    auto const passed = minimum(cast(step, rate.type()), steps) / steps;
    return rate * ((1.0 - least) * half_wave(passed) + least);
  }
};
}  // namespace detail

namespace train {
/// A rate that falls as a half wave does (Loshchilov and Hutter, 2016), to its `alpha`th part after `decay_steps`:
/// learning_rate · ((1 − alpha) · ½ (1 + cos(π · step / decay_steps)) + alpha), with the step cut at decay_steps:
/// `cosine_decay(0.1f, steps, 1000)`. Scalars, numbers or expressions; the result is of the rate's dtype.
template <class Rate, expression Step, class Steps, class Alpha = double, auto Site = [] {}>
constexpr auto cosine_decay(Rate const& learning_rate, Step const& step, Steps const& decay_steps,
                            Alpha const& alpha = Alpha(0)) {
  return detail::schedule<detail::cosine_decay_of, Site>(learning_rate, step, decay_steps, alpha);
}
}  // namespace train

TFX_END
