// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/where.hpp>
#include <tfx/op/math/equal.hpp>
#include <tfx/op/math/floor.hpp>
#include <tfx/op/math/greater_equal.hpp>
#include <tfx/op/math/log.hpp>
#include <tfx/op/math/pow.hpp>
#include <tfx/train/cosine_decay.hpp>

TFX_BEGIN

namespace detail {
struct cosine_decay_restarts_of {
  constexpr auto operator()(auto rate, auto step, auto first_decay_steps, auto t_mul, auto m_mul, auto alpha) const {
    auto const number = [&](auto x) { return cast(x, rate.type()); };
    auto const t = number(t_mul), least = number(alpha), passed = number(step) / number(first_decay_steps);
    // Period i begins at (1 − tⁱ) / (1 − t), where the first one is 1 long. A root that is rounded down is one less.
    auto const begin = [&](auto i) { return (1.0 - pow(t, i)) / (1.0 - t); };
    auto const found = floor(log(1.0 - passed * (1.0 - t)) / log(t));
    auto const i = where(greater_equal(passed, begin(found + 1.0)), found + 1.0, found);
    auto const alike = equal(t, 1.0);
    auto const period = where(alike, floor(passed), i);
    auto const within = where(alike, passed - floor(passed), (passed - begin(i)) / pow(t, i));
    return rate * ((1.0 - least) * pow(number(m_mul), period) * half_wave(within) + least);
  }
};
}  // namespace detail

namespace train {
/// cosine_decay that begins anew when it is over, each time `t_mul` times as long and from `m_mul` times as high
/// (Loshchilov and Hutter, 2016): `cosine_decay_restarts(0.1f, steps, 1000, 2.0f, 0.9f)`. Scalars, numbers or
/// expressions; the result is of the rate's dtype.
template <class Rate, expression Step, class Steps, class Longer = double, class Higher = double, class Alpha = double,
          auto Site = [] {}>
constexpr auto cosine_decay_restarts(Rate const& learning_rate, Step const& step, Steps const& first_decay_steps,
                                     Longer const& t_mul = Longer(2), Higher const& m_mul = Higher(1),
                                     Alpha const& alpha = Alpha(0)) {
  return detail::schedule<detail::cosine_decay_restarts_of, Site>(learning_rate, step, first_decay_steps, t_mul, m_mul,
                                                                  alpha);
}
}  // namespace train

TFX_END
