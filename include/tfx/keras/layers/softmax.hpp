// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layer.hpp>
#include <tfx/op/nn/softmax.hpp>

TFX_BEGIN
namespace keras::layers {

template <name Name, int Axis, class... Options>
struct softmax_layer : layer<softmax_layer<Name, Axis, Options...>, Name, Options...> {
  using layer<softmax_layer<Name, Axis, Options...>, Name, Options...>::layer;
  static constexpr name kind = "Softmax";
  static constexpr auto masks = masking::passed;

  template <name Scope, class X>
  constexpr auto call(X const& x) const {
    return nn::softmax(x, axis<Axis>);
  }
};

/// exp(x) / Σ exp(x) along an axis, the last one unless told: `Softmax()`, `Softmax(axis<1>)`.
template <name Name = "", int Axis = -1, class... Options>
constexpr auto Softmax(axes_t<Axis> = {}, Options const&... options) {
  return keras::detail::make_layer<softmax_layer<Name, Axis, Options...>, void()>(options...);
}

}  // namespace keras::layers
TFX_END
