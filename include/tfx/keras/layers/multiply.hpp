// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layers/merge.hpp>
#include <tfx/op/math/multiply.hpp>

TFX_BEGIN
namespace keras {
namespace detail {
struct multiply_of_inputs {
  static constexpr name kind = "Multiply";
  constexpr auto operator()(auto... x) const { return (... * x); }
};
}  // namespace detail

namespace layers {

/// The product of its inputs: `Multiply()(a, b, c)`.
template <name Name = "", class... Options, auto Site = [] {}>
constexpr auto Multiply(Options const&... options) {
  return keras::detail::made_at<Site>(detail::make_merge<keras::detail::multiply_of_inputs, Name>(options...));
}
/// The same at once: `multiply(a, b)`.
template <name Name = "", typed_expression... X>
constexpr auto multiply(X const&... x) {
  return Multiply<Name>()(x...);
}

}  // namespace layers
}  // namespace keras
TFX_END
