// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layers/merge.hpp>
#include <tfx/op/math/add.hpp>

TFX_BEGIN
namespace keras {
namespace detail {
struct add_of_inputs {
  constexpr auto operator()(auto... x) const { return (... + x); }
};
}  // namespace detail

namespace layers {

template <name Name, class... Options>
struct add_layer : merge_layer<add_layer<Name, Options...>, keras::detail::add_of_inputs, Name, Options...> {
  using base = merge_layer<add_layer<Name, Options...>, keras::detail::add_of_inputs, Name, Options...>;
  using base::base;
  static constexpr name kind = "Add";
};

/// The sum of its inputs: `Add()(a, b, c)`.
template <name Name = "", class... Options>
constexpr auto Add(Options const&... options) {
  return keras::detail::make_layer<add_layer<Name, Options...>, void()>(options...);
}
/// The same at once: `add(a, b)`.
template <name Name = "", typed_expression... X>
constexpr auto add(X const&... x) {
  return Add<Name>()(x...);
}

}  // namespace layers
}  // namespace keras
TFX_END
