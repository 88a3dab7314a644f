// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layers/merge.hpp>
#include <tfx/op/math/maximum.hpp>

TFX_BEGIN
namespace keras {
namespace detail {
struct maximum_of_inputs {
  static constexpr name kind = "Maximum";
  constexpr auto operator()(auto x) const { return x; }
  constexpr auto operator()(auto a, auto b, auto... more) const { return (*this)(tfx::maximum(a, b), more...); }
};
}  // namespace detail

namespace layers {

/// The largest of its inputs, element by element: `Maximum()(a, b, c)`.
template <name Name = "", class... Options, auto Site = [] {}>
constexpr auto Maximum(Options const&... options) {
  return keras::detail::made_at<Site>(detail::make_merge<keras::detail::maximum_of_inputs, Name>(options...));
}
/// The same at once: `maximum(a, b)`.
template <name Name = "", typed_expression... X>
constexpr auto maximum(X const&... x) {
  return Maximum<Name>()(x...);
}

}  // namespace layers
}  // namespace keras
TFX_END
