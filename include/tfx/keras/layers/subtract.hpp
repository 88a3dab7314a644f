// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layers/merge.hpp>
#include <tfx/op/math/subtract.hpp>

TFX_BEGIN
namespace keras {
namespace detail {
struct subtract_of_inputs {
  constexpr auto operator()(auto a, auto b) const { return a - b; }
};
}  // namespace detail

namespace layers {

template <name Name, class... Options>
struct subtract_layer
    : merge_layer<subtract_layer<Name, Options...>, keras::detail::subtract_of_inputs, Name, Options...> {
  using base = merge_layer<subtract_layer<Name, Options...>, keras::detail::subtract_of_inputs, Name, Options...>;
  using base::base;
  static constexpr name kind = "Subtract";

  template <name Scope, class... X>
  constexpr auto call(X const&... x) const {
    static_assert(sizeof...(X) == 2, "tfx: a Subtract layer should be called on exactly 2 inputs");
    return base::template call<Scope>(x...);
  }
};

/// Its first input less its second: `Subtract()(a, b)`.
template <name Name = "", class... Options>
constexpr auto Subtract(Options const&... options) {
  return keras::detail::make_layer<subtract_layer<Name, Options...>, void()>(options...);
}
/// The same at once: `subtract(a, b)`.
template <name Name = "", typed_expression... X>
constexpr auto subtract(X const&... x) {
  return Subtract<Name>()(x...);
}

}  // namespace layers
}  // namespace keras
TFX_END
