// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layers/merge.hpp>
#include <tfx/op/math/add.hpp>

TFX_BEGIN
namespace keras {
namespace detail {
struct add_of_inputs {
  static constexpr name kind = "Add";
  constexpr auto operator()(auto... x) const { return (... + x); }
};
}  // namespace detail

namespace layers {

/// The sum of its inputs: `Add()(a, b, c)`.
template <name Name = "", class... Options, auto Site = [] {}>
constexpr auto Add(Options const&... options) {
  return keras::detail::made_at<Site>(detail::make_merge<keras::detail::add_of_inputs, Name>(options...));
}
/// The same at once: `add(a, b)`.
template <name Name = "", typed_expression... X>
constexpr auto add(X const&... x) {
  return Add<Name>()(x...);
}

}  // namespace layers
}  // namespace keras
TFX_END
