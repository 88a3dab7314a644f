// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/activations.hpp>
#include <tfx/keras/layer.hpp>
#include <tfx/op/array/constant.hpp>

TFX_BEGIN
namespace keras::layers {

template <name Name, class... Options>
struct elu_layer : layer<elu_layer<Name, Options...>, Name, Options...> {
  using base = layer<elu_layer<Name, Options...>, Name, Options...>;
  static constexpr name kind = "ELU";
  static constexpr auto masks = masking::passed;
  double alpha;

  constexpr explicit elu_layer(double a, Options const&... options) : base(options...), alpha(a) {}
  template <name Scope, class X>
  constexpr auto call(X const& x) const {
    return composition<keras::detail::elu_of>(x, constant<Scope / "alpha">(static_cast<typename X::value_type>(alpha)));
  }
};

/// x where it is above 0, else alpha · (eˣ − 1) (Clevert et al., 2015): `ELU()`.
template <name Name = "", class... Options, auto Site = [] {}>
constexpr auto ELU(double alpha = 1, Options const&... options) {
  return keras::detail::made_at<Site>(
      keras::detail::make_layer<elu_layer<Name, Options...>, void()>(alpha, options...));
}

}  // namespace keras::layers
TFX_END
