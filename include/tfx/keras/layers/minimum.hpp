// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layers/merge.hpp>
#include <tfx/op/math/minimum.hpp>

TFX_BEGIN
namespace keras {
namespace detail {
struct minimum_of_inputs {
  constexpr auto operator()(auto x) const { return x; }
  constexpr auto operator()(auto a, auto b, auto... more) const { return (*this)(tfx::minimum(a, b), more...); }
};
}  // namespace detail

namespace layers {

template <name Name, class... Options>
struct minimum_layer
    : merge_layer<minimum_layer<Name, Options...>, keras::detail::minimum_of_inputs, Name, Options...> {
  using base = merge_layer<minimum_layer<Name, Options...>, keras::detail::minimum_of_inputs, Name, Options...>;
  using base::base;
  static constexpr name kind = "Minimum";
};

/// The smallest of its inputs, element by element: `Minimum()(a, b, c)`.
template <name Name = "", class... Options>
constexpr auto Minimum(Options const&... options) {
  return keras::detail::make_layer<minimum_layer<Name, Options...>, void()>(options...);
}
/// The same at once: `minimum(a, b)`.
template <name Name = "", typed_expression... X>
constexpr auto minimum(X const&... x) {
  return Minimum<Name>()(x...);
}

}  // namespace layers
}  // namespace keras
TFX_END
