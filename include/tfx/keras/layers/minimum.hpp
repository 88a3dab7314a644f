// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layers/merge.hpp>
#include <tfx/op/math/minimum.hpp>

TFX_BEGIN
namespace keras {
namespace detail {
struct minimum_of_inputs {
  static constexpr name kind = "Minimum";
  constexpr auto operator()(auto x) const { return x; }
  constexpr auto operator()(auto a, auto b, auto... more) const { return (*this)(tfx::minimum(a, b), more...); }
};
}  // namespace detail

namespace layers {

/// The smallest of its inputs, element by element: `Minimum()(a, b, c)`.
template <name Name = "", class... Options, auto Site = [] {}>
constexpr auto Minimum(Options const&... options) {
  return keras::detail::made_at<Site>(detail::make_merge<keras::detail::minimum_of_inputs, Name>(options...));
}
/// The same at once: `minimum(a, b)`.
template <name Name = "", typed_expression... X>
constexpr auto minimum(X const&... x) {
  return Minimum<Name>()(x...);
}

}  // namespace layers
}  // namespace keras
TFX_END
