// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/composition.hpp>
#include <tfx/op/math/add.hpp>
#include <tfx/op/math/cast.hpp>
#include <tfx/op/math/divide.hpp>
#include <tfx/op/math/minimum.hpp>
#include <tfx/op/math/multiply.hpp>
#include <tfx/op/math/pow.hpp>
#include <tfx/op/math/subtract.hpp>
#include <tfx/train/arguments.hpp>

TFX_BEGIN

namespace detail {
/// The name of a tensor, as an argument of templates.
template <u64 Hash>
constexpr auto name_of_tensor() {
  constexpr std::string_view text = meaning(*lookup(key<Hash>{})).name;
  static_assert(!text.empty(), "tfx: a moving average has a name because the tensor has: give it one");
  name<text.size() + 1> result;
  for (std::size_t i = 0; i < text.size(); ++i) result.text[i] = text[i];
  return result;
}

/// The decay of few updates is smaller, so that an average follows sooner.
constexpr auto decay_after(auto decay, auto updates) {
  auto const n = cast(updates, decay.type());
  return minimum(decay, (1.0 + n) / (10.0 + n));
}
struct moving_average_of {
  constexpr auto operator()(auto average, auto x, auto decay) const { return average - (average - x) * (1.0 - decay); }
  constexpr auto operator()(auto average, auto x, auto decay, auto updates) const {
    return (*this)(average, x, decay_after(decay, updates));
  }
};
/// An average that began at 0, the number of updates, and the average without its bias to that.
struct unbiased_average_of {
  constexpr auto operator()(auto biased, auto steps, auto x, auto decay) const {
    auto const next = moving_average_of{}(biased, x, decay), count = steps + 1.0;
    return std::tuple{next, count, next / (1.0 - pow(decay, count))};
  }
  constexpr auto operator()(auto biased, auto steps, auto x, auto decay, auto updates) const {
    return (*this)(biased, steps, x, decay_after(decay, updates));
  }
};
template <class X>
inline constexpr bool is_variable_type = false;
template <class T, class Shape, u64 Hash>
inline constexpr bool is_variable_type<variable_t<T, Shape, Hash>> = true;
}  // namespace detail

namespace train {

/// What ExponentialMovingAverage takes last to take the bias to 0 out of averages of what is no variable.
struct zero_debias_t {};
inline constexpr zero_debias_t zero_debias{};

/// Averages that follow what they are of: average ← average − (1 − decay) · (average − x) in each update.
/// `ExponentialMovingAverage ema(0.99f); auto update = ema.apply(w, b); auto smooth = ema.average(w);` With the number
/// of updates, a number or an expression, `ExponentialMovingAverage(0.99f, steps)`, the decay is at most (1 + steps) /
/// (10 + steps). That of a variable w is the variable `w/ExponentialMovingAverage`, which begins as w does; that of
/// another tensor, which needs a name, begins at 0, and with `zero_debias` is divided by 1 − decayᵗ after t updates,
/// which `…/biased` and `…/local_step` are kept for. float and double; averages are not trained.
template <class Decay, class Updates = void, bool ZeroDebias = false>
class ExponentialMovingAverage {
  struct none {};
  static constexpr bool has_updates = !std::is_void_v<Updates>;
  using updates_type = std::conditional_t<has_updates, Updates, none>;

 public:
  constexpr explicit ExponentialMovingAverage(Decay decay) : decay_(decay), updates_{} {}
  constexpr ExponentialMovingAverage(Decay decay, zero_debias_t) : decay_(decay), updates_{} {}
  constexpr ExponentialMovingAverage(Decay decay, updates_type num_updates) : decay_(decay), updates_(num_updates) {}
  constexpr ExponentialMovingAverage(Decay decay, updates_type num_updates, zero_debias_t)
      : decay_(decay), updates_(num_updates) {}

  /// The variable that holds the average of `x`.
  template <typed_expression X>
  static constexpr auto average(X const& x) {
    constexpr auto name = detail::name_of_tensor<X::hash>() / "ExponentialMovingAverage";
    static_assert(std::is_floating_point_v<typename X::value_type>, "tfx: float and double have moving averages");
    if constexpr (detail::is_variable_type<X>) {
      return variable<name>(x.initialized_value(), trainable<false>);
    } else {
      return variable<name>(zeros<typename X::value_type>(typename X::shape_type{}), trainable<false>);
    }
  }
  /// The operation that updates the average of each, from its value at the start of the run.
  template <typed_expression... X>
  constexpr auto apply(X const&... x) const {
    return group(update(x, x)...);
  }
  /// The same from what each is after `dependency` ran: `ema.apply_after(train, w, b)`.
  template <expression Dependency, typed_expression... X>
  constexpr auto apply_after(Dependency const& dependency, X const&... x) const {
    return group(update(x, with_dependencies(dependency, x))...);
  }

 private:
  Decay decay_;
  [[no_unique_address]] updates_type updates_;

  template <class F, class X, class... State>
  constexpr auto next(X const& x, State const&... state) const {
    using T = typename X::value_type;
    using site = member_site<>;
    auto const decay = detail::as_argument<T, X, site{}, 0>(decay_);
    if constexpr (has_updates) {
      return composition<F>(state..., x, decay, detail::as_argument<T, X, site{}, 1>(updates_));
    } else {
      return composition<F>(state..., x, decay);
    }
  }
  template <class Of, class X>
  constexpr auto update(Of const& of, X const& x) const {
    auto const result = average(of);
    if constexpr (ZeroDebias && !detail::is_variable_type<Of>) {
      constexpr auto name = detail::name_of_tensor<Of::hash>() / "ExponentialMovingAverage";
      using T = typename X::value_type;
      auto const biased = variable<name / "biased">(zeros<T>(typename X::shape_type{}), trainable<false>);
      auto const steps = variable<name / "local_step">(zeros<T>(shape<>), trainable<false>);
      auto const [next_biased, next_steps, unbiased] = next<detail::unbiased_average_of>(x, biased, steps);
      return group(biased.assign(next_biased), steps.assign(next_steps), result.assign(unbiased));
    } else {
      return result.assign(next<detail::moving_average_of>(x, result));
    }
  }
};
template <class Decay>
ExponentialMovingAverage(Decay) -> ExponentialMovingAverage<Decay>;
template <class Decay>
ExponentialMovingAverage(Decay, zero_debias_t) -> ExponentialMovingAverage<Decay, void, true>;
template <class Decay, class Updates>
ExponentialMovingAverage(Decay, Updates) -> ExponentialMovingAverage<Decay, Updates>;
template <class Decay, class Updates>
ExponentialMovingAverage(Decay, Updates, zero_debias_t) -> ExponentialMovingAverage<Decay, Updates, true>;

}  // namespace train

TFX_END
