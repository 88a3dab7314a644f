// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/math/divide.hpp>
#include <tfx/op/math/floor.hpp>
#include <tfx/train/schedule.hpp>

TFX_BEGIN

namespace detail {
template <bool Staircase>
struct inverse_time_decay_of {
  constexpr auto operator()(auto rate, auto step, auto decay_steps, auto decay_rate) const {
    return rate / (1.0 + cast(decay_rate, rate.type()) * periods<Staircase>(rate, step, decay_steps));
  }
};
}  // namespace detail

namespace train {
/// A rate that falls with time: learning_rate / (1 + decay_rate · step / decay_steps), in TensorFlow's words
/// `inverse_time_decay(0.1f, steps, 1000, 0.96f)`, or with `staircase` behind these the whole part of step /
/// decay_steps instead. Scalars, numbers or expressions; the result is of the rate's dtype.
template <class Rate, expression Step, class Steps, class Decay, auto Site = [] {}>
constexpr auto inverse_time_decay(Rate const& learning_rate, Step const& step, Steps const& decay_steps,
                                  Decay const& decay_rate) {
  return detail::schedule<detail::inverse_time_decay_of<false>, Site>(learning_rate, step, decay_steps, decay_rate);
}
template <class Rate, expression Step, class Steps, class Decay, auto Site = [] {}>
constexpr auto inverse_time_decay(Rate const& learning_rate, Step const& step, Steps const& decay_steps,
                                  Decay const& decay_rate, staircase_t) {
  return detail::schedule<detail::inverse_time_decay_of<true>, Site>(learning_rate, step, decay_steps, decay_rate);
}
}  // namespace train

TFX_END
