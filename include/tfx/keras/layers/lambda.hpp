// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layer.hpp>

TFX_BEGIN
namespace keras::layers {

template <name Name, class F, class... Options>
struct lambda_layer : layer<lambda_layer<Name, F, Options...>, Name, Options...> {
  using base = layer<lambda_layer<Name, F, Options...>, Name, Options...>;
  static constexpr name kind = "Lambda";
  static constexpr auto masks = masking::consumed;
  F function;

  constexpr explicit lambda_layer(F const& f, Options const&... options) : base(options...), function(f) {}
  template <name Scope, class... X>
  constexpr auto call(X const&... x) const {
    return function(x...);
  }
};

/// Any function of expressions as a layer: `Lambda([](auto x) { return square(x); })`. What it gives has no mask.
template <name Name = "", class F, class... Options, auto Site = [] {}>
constexpr auto Lambda(F const& function, Options const&... options) {
  return keras::detail::made_at<Site>(
      keras::detail::make_layer<lambda_layer<Name, F, Options...>, void()>(function, options...));
}

}  // namespace keras::layers
TFX_END
