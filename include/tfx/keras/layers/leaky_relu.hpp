// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/activations.hpp>
#include <tfx/keras/layer.hpp>
#include <tfx/op/array/constant.hpp>

TFX_BEGIN
namespace keras {
namespace detail {
struct leaky_relu_of {
  constexpr auto operator()(auto x, auto alpha) const { return where(greater(x, 0.0), x, alpha * x); }
};
}  // namespace detail

namespace layers {

template <name Name, class... Options>
struct leaky_relu_layer : layer<leaky_relu_layer<Name, Options...>, Name, Options...> {
  using base = layer<leaky_relu_layer<Name, Options...>, Name, Options...>;
  static constexpr name kind = "LeakyReLU";
  static constexpr auto masks = masking::passed;
  double alpha;

  constexpr explicit leaky_relu_layer(double a, Options const&... options) : base(options...), alpha(a) {}
  template <name Scope, class X>
  constexpr auto call(X const& x) const {
    return composition<keras::detail::leaky_relu_of>(
        x, constant<Scope / "alpha">(static_cast<typename X::value_type>(alpha)));
  }
};

/// x where it is above 0, else alpha · x (Maas et al., 2013): `LeakyReLU(0.1)`.
template <name Name = "", class... Options, auto Site = [] {}>
constexpr auto LeakyReLU(double alpha = 0.3, Options const&... options) {
  return keras::detail::made_at<Site>(
      keras::detail::make_layer<leaky_relu_layer<Name, Options...>, void()>(alpha, options...));
}

}  // namespace layers
}  // namespace keras
TFX_END
