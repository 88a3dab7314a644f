// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/composition.hpp>
#include <tfx/keras/layers/noise.hpp>
#include <tfx/op/math/add.hpp>
#include <tfx/op/math/multiply.hpp>

TFX_BEGIN
namespace keras {
namespace detail {
struct noisy {
  constexpr auto operator()(auto x, auto noise, auto stddev) const { return x + noise * stddev; }
};
}  // namespace detail

namespace layers {

template <name Name, class... Options>
struct gaussian_noise_layer : layer<gaussian_noise_layer<Name, Options...>, Name, Options...> {
  using base = layer<gaussian_noise_layer<Name, Options...>, Name, Options...>;
  static constexpr name kind = "GaussianNoise";
  static constexpr auto masks = masking::passed;
  double stddev;

  constexpr explicit gaussian_noise_layer(double s, Options const&... options) : base(options...), stddev(s) {
    if (!(s >= 0)) raise<errors::InvalidArgumentError>("Invalid value %g received for `stddev`, expected >= 0.", s);
  }
  template <name Scope, class X>
  constexpr auto call(X const& x) const {
    auto const width = constant<Scope / "stddev">(static_cast<typename X::value_type>(stddev));
    auto const noise = keras::detail::noise_like<random_normal_like_op, Scope>(*this, x);
    return by_phase(composition<keras::detail::noisy>(x, noise, width), x);
  }
};

/// In training x plus random numbers of a normal distribution with mean 0 and this standard deviation; else x:
/// `GaussianNoise(0.1)`. Argument: `seed(7)`.
template <name Name = "", class... Options, auto Site = [] {}>
constexpr auto GaussianNoise(double stddev, Options const&... options) {
  return keras::detail::made_at<Site>(
      keras::detail::make_layer<gaussian_noise_layer<Name, Options...>, void(keras::detail::seed_tag)>(stddev,
                                                                                                       options...));
}

}  // namespace layers
}  // namespace keras
TFX_END
