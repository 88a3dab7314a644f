// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>
#include <tfx/keras/activations.hpp>
#include <tfx/keras/layers/noise.hpp>
#include <tfx/op/math/cast.hpp>
#include <tfx/op/math/greater_equal.hpp>

TFX_BEGIN
namespace keras {
namespace detail {
/// a · (x where u ≥ rate, else α') + b.
template <class T>
struct alpha_dropped {
  static constexpr double dropped = -keras::detail::selu_of::alpha * keras::detail::selu_of::scale;
  constexpr auto operator()(auto x, auto u, auto rate, auto a, auto b) const {
    auto const kept = cast<T>(greater_equal(u, rate));
    return a * (x * kept + dropped * (1.0 - kept)) + b;
  }
};
}  // namespace detail

namespace layers {

template <name Name, class... Options>
struct alpha_dropout_layer : layer<alpha_dropout_layer<Name, Options...>, Name, Options...> {
  using base = layer<alpha_dropout_layer<Name, Options...>, Name, Options...>;
  static constexpr name kind = "AlphaDropout";
  static constexpr auto masks = masking::passed;
  double rate;

  constexpr explicit alpha_dropout_layer(double r, Options const&... options)
      : base(options...), rate(keras::detail::checked_rate(r)) {}
  template <name Scope, class X>
  constexpr auto call(X const& x) const {
    using T = typename X::value_type;
    using dropped = keras::detail::alpha_dropped<T>;
    double const a = 1 / std::sqrt((1 - rate) * (1 + rate * dropped::dropped * dropped::dropped));
    double const b = -a * dropped::dropped * rate;
    auto const noise =
        keras::detail::noise_like<random_uniform_like_op, Scope>(*this, keras::detail::noise_target<base>(x));
    return by_phase(
        composition<dropped>(x, noise, constant<Scope / "rate">(static_cast<T>(rate)),
                             constant<Scope / "a">(static_cast<T>(a)), constant<Scope / "b">(static_cast<T>(b))),
        x);
  }
};

/// Dropout that keeps mean and variance of what selu gives (Klambauer et al., 2017). In training a · (x with the
/// probability 1 − rate, else α') + b, where α' = −scale · alpha of selu, a = ((1 − rate)(1 + rate · α'²))^−½ and
/// b = −a · α' · rate; else x: `AlphaDropout(0.1)`. Arguments: `noise_shape<-1, 1, 64>`, `seed(7)`.
template <name Name = "", class... Options, auto Site = [] {}>
constexpr auto AlphaDropout(double rate, Options const&... options) {
  return keras::detail::made_at<Site>(
      keras::detail::make_layer<alpha_dropout_layer<Name, Options...>,
                                void(keras::detail::noise_shape_tag, keras::detail::seed_tag)>(rate, options...));
}

}  // namespace layers
}  // namespace keras
TFX_END
