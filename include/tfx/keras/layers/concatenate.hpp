// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layer.hpp>
#include <tfx/op/array/concat.hpp>

TFX_BEGIN
namespace keras::layers {

template <name Name, int Axis, class... Options>
struct concatenate_layer : layer<concatenate_layer<Name, Axis, Options...>, Name, Options...> {
  using layer<concatenate_layer<Name, Axis, Options...>, Name, Options...>::layer;
  static constexpr name kind = "Concatenate";

  template <name Scope, class... X>
  constexpr auto call(X const&... x) const {
    return concat(axis<Axis>, x...);
  }
};

/// Its inputs one after another along an axis, the last one unless told: `Concatenate(axis<1>)(a, b)`.
template <name Name = "", int Axis = -1, class... Options>
constexpr auto Concatenate(axes_t<Axis> = {}, Options const&... options) {
  return keras::detail::make_layer<concatenate_layer<Name, Axis, Options...>, void()>(options...);
}
/// The same at once: `concatenate(a, b)`.
template <typed_expression... X>
constexpr auto concatenate(X const&... x) {
  return Concatenate()(x...);
}

}  // namespace keras::layers
TFX_END
