// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layers/merge.hpp>
#include <tfx/op/math/subtract.hpp>

TFX_BEGIN
namespace keras {
namespace detail {
struct subtract_of_inputs {
  static constexpr name kind = "Subtract";
  constexpr auto operator()(auto a, auto b, auto... more) const {
    static_assert(sizeof...(more) == 0, "tfx: a Subtract layer should be called on exactly 2 inputs");
    return a - b;
  }
};
}  // namespace detail

namespace layers {

/// Its first input less its second: `Subtract()(a, b)`.
template <name Name = "", class... Options, auto Site = [] {}>
constexpr auto Subtract(Options const&... options) {
  return keras::detail::made_at<Site>(detail::make_merge<keras::detail::subtract_of_inputs, Name>(options...));
}
/// The same at once: `subtract(a, b)`.
template <name Name = "", typed_expression... X>
constexpr auto subtract(X const&... x) {
  return Subtract<Name>()(x...);
}

}  // namespace layers
}  // namespace keras
TFX_END
