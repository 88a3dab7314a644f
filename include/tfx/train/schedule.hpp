// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/composition.hpp>
#include <tfx/op/math/add.hpp>
#include <tfx/op/math/cast.hpp>
#include <tfx/op/math/divide.hpp>
#include <tfx/op/math/multiply.hpp>
#include <tfx/op/math/subtract.hpp>

TFX_BEGIN

namespace detail {
/// What the function `F` makes of a learning rate, the step and further numbers, which may be expressions too. The
/// rate's dtype is that of the result, and of all that is computed.
template <class F, auto Site, class Rate, class Step, class... X>
constexpr auto schedule(Rate const& rate, Step const& step, X const&... x) {
  using T = floating_of<Rate>;
  static_assert(std::is_floating_point_v<T>, "tfx: a learning rate is float or double");
  return [&]<int... I>(std::integer_sequence<int, I...>) {
    return composition<F>(as_argument<T, Step, Site, 0>(rate), step, as_argument<T, Step, Site, I + 1>(x)...);
  }(std::make_integer_sequence<int, static_cast<int>(sizeof...(X))>{});
}
/// step / decay_steps, whole where `Staircase`.
template <bool Staircase>
constexpr auto periods(auto rate, auto step, auto decay_steps) {
  auto const passed = cast(step, rate.type()) / cast(decay_steps, rate.type());
  if constexpr (Staircase) {
    return floor(passed);
  } else {
    return passed;
  }
}
}  // namespace detail

namespace train {
/// What a decay takes last to go down in steps: after each `decay_steps`.
struct staircase_t {};
inline constexpr staircase_t staircase{};
}  // namespace train

TFX_END
