// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layer.hpp>
#include <tfx/keras/regularizers.hpp>
#include <tfx/op/array/constant.hpp>

TFX_BEGIN
namespace keras::layers {

template <name Name, class... Options>
struct activity_regularization_layer : layer<activity_regularization_layer<Name, Options...>, Name, Options...> {
  using base = layer<activity_regularization_layer<Name, Options...>, Name, Options...>;
  static constexpr name kind = "ActivityRegularization";
  static constexpr auto masks = masking::passed;
  double l1, l2;

  constexpr activity_regularization_layer(double one, double two, Options const&... options)
      : base(options...), l1(one), l2(two) {}
  template <name Scope, class X>
  constexpr auto call(X const& x) const {
    using T = typename X::value_type;
    auto const first = constant<Scope / "l1">(static_cast<T>(l1));
    auto const second = constant<Scope / "l2">(static_cast<T>(l2));
    return keras::detail::penalized_by_rows(
        x, [&](auto const& of) { return composition<tfx::detail::penalty_of<true, true>>(of, first, second); });
  }
};

/// x, with a penalty on it in the loss: (l1 · Σ |x| + l2 · Σ x²) over the number of rows in the batch.
/// `ActivityRegularization(0.01)`, `ActivityRegularization(0.0, 0.001)`.
template <name Name = "", class... Options, auto Site = [] {}>
constexpr auto ActivityRegularization(double l1 = 0, double l2 = 0, Options const&... options) {
  return keras::detail::made_at<Site>(
      keras::detail::make_layer<activity_regularization_layer<Name, Options...>, void()>(l1, l2, options...));
}

}  // namespace keras::layers
TFX_END
