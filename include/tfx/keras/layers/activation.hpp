// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/activations.hpp>
#include <tfx/keras/layer.hpp>

TFX_BEGIN
namespace keras::layers {

template <name Name, class F, class... Options>
struct activation_layer : layer<activation_layer<Name, F, Options...>, Name, Options...> {
  using base = layer<activation_layer<Name, F, Options...>, Name, Options...>;
  static constexpr name kind = "Activation";
  static constexpr auto masks = masking::passed;
  F function;

  constexpr explicit activation_layer(F const& f, Options const&... options) : base(options...), function(f) {}
  template <name Scope, class X>
  constexpr auto call(X const& x) const {
    return function(x);
  }
};

/// An activation as a layer, by its word or as a function of an expression: `Activation(activation<"relu">)`,
/// `Activation([](auto x) { return tanh(x); })`. Passes masks on.
template <name Name = "", class F, class... Options, auto Site = [] {}>
constexpr auto Activation(F const& function, Options const&... options) {
  return keras::detail::made_at<Site>(
      keras::detail::make_layer<activation_layer<Name, F, Options...>, void()>(function, options...));
}

}  // namespace keras::layers
TFX_END
