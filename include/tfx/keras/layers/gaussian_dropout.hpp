// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>
#include <tfx/graph/composition.hpp>
#include <tfx/keras/layers/noise.hpp>
#include <tfx/op/math/add.hpp>
#include <tfx/op/math/multiply.hpp>

TFX_BEGIN
namespace keras {
namespace detail {
struct scaled_by_noise {
  constexpr auto operator()(auto x, auto noise, auto stddev) const { return x * (noise * stddev + 1.0); }
};
}  // namespace detail

namespace layers {

template <name Name, class... Options>
struct gaussian_dropout_layer : layer<gaussian_dropout_layer<Name, Options...>, Name, Options...> {
  using base = layer<gaussian_dropout_layer<Name, Options...>, Name, Options...>;
  static constexpr name kind = "GaussianDropout";
  static constexpr auto masks = masking::passed;
  double rate;

  constexpr explicit gaussian_dropout_layer(double r, Options const&... options)
      : base(options...), rate(keras::detail::checked_rate(r)) {}
  template <name Scope, class X>
  constexpr auto call(X const& x) const {
    auto const width = constant<Scope / "stddev">(static_cast<typename X::value_type>(std::sqrt(rate / (1 - rate))));
    auto const noise = keras::detail::noise_like<random_normal_like_op, Scope>(*this, x);
    return by_phase(composition<keras::detail::scaled_by_noise>(x, noise, width), x);
  }
};

/// In training x times random numbers of a normal distribution with mean 1 and standard deviation √(rate / (1 − rate)),
/// for a rate in [0, 1); else x (Srivastava et al., 2014): `GaussianDropout(0.1)`. Argument: `seed(7)`.
template <name Name = "", class... Options, auto Site = [] {}>
constexpr auto GaussianDropout(double rate, Options const&... options) {
  return keras::detail::made_at<Site>(
      keras::detail::make_layer<gaussian_dropout_layer<Name, Options...>, void(keras::detail::seed_tag)>(rate,
                                                                                                         options...));
}

}  // namespace layers
}  // namespace keras
TFX_END
