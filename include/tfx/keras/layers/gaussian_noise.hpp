// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/composition.hpp>
#include <tfx/keras/layer.hpp>
#include <tfx/keras/learning_phase.hpp>
#include <tfx/op/array/constant.hpp>
#include <tfx/op/math/multiply.hpp>
#include <tfx/op/random/random_normal.hpp>

TFX_BEGIN
namespace keras::layers {

namespace detail {
struct noisy {
  constexpr auto operator()(auto x, auto noise, auto stddev) const { return x + noise * stddev; }
};
/// Random numbers for each of x: of the op `Draw`, which a layer's scope names.
template <name Scope, class Draw, class Layer, class X>
constexpr auto noise_beside(Layer const& layer, X const&) {
  using T = typename X::value_type;
  constexpr typename X::shape_type shape_of_x{};
  if constexpr (Layer::template has<keras::detail::seed_tag>) {
    return Draw{}.template operator()<Scope / "noise", T>(shape_of_x,
                                                          layer.template get_or<keras::detail::seed_tag>(0));
  } else {
    return Draw{}.template operator()<Scope / "noise", T>(shape_of_x);
  }
}
struct draw_normal {
  template <name Name, class T>
  constexpr auto operator()(auto shape_of_x, auto... from) const {
    return random_normal<T, Name>(shape_of_x, from...);
  }
};
}  // namespace detail

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
    auto const noise = detail::noise_beside<Scope, detail::draw_normal>(*this, x);
    return by_phase(composition<detail::noisy>(x, noise, width), x);
  }
};

/// In training x plus random numbers of a normal distribution with mean 0 and this standard deviation; else x:
/// `GaussianNoise(0.1)`. Argument: `seed(7)`.
template <name Name = "", class... Options>
constexpr auto GaussianNoise(double stddev, Options const&... options) {
  return keras::detail::make_layer<gaussian_noise_layer<Name, Options...>, void(keras::detail::seed_tag)>(stddev,
                                                                                                          options...);
}

}  // namespace keras::layers
TFX_END
