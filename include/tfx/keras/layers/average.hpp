// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layers/merge.hpp>
#include <tfx/op/math/add.hpp>
#include <tfx/op/math/divide.hpp>

TFX_BEGIN
namespace keras {
namespace detail {
struct average_of_inputs {
  static constexpr name kind = "Average";
  constexpr auto operator()(auto... x) const { return (... + x) / static_cast<double>(sizeof...(x)); }
};
}  // namespace detail

namespace layers {

/// The mean of its inputs: `Average()(a, b, c)`.
template <name Name = "", class... Options, auto Site = [] {}>
constexpr auto Average(Options const&... options) {
  return keras::detail::made_at<Site>(detail::make_merge<keras::detail::average_of_inputs, Name>(options...));
}
/// The same at once: `average(a, b)`.
template <name Name = "", typed_expression... X>
constexpr auto average(X const&... x) {
  return Average<Name>()(x...);
}

}  // namespace layers
}  // namespace keras
TFX_END
