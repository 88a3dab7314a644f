// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/composition.hpp>
#include <tfx/keras/layer.hpp>
#include <tfx/op/array/constant.hpp>
#include <tfx/op/math/cast.hpp>
#include <tfx/op/math/greater.hpp>
#include <tfx/op/math/multiply.hpp>

TFX_BEGIN
namespace keras {
namespace detail {
template <class T>
struct thresholded_relu_of {
  constexpr auto operator()(auto x, auto theta) const { return x * cast<T>(greater(x, theta)); }
};
}  // namespace detail

namespace layers {

template <name Name, class... Options>
struct thresholded_relu_layer : layer<thresholded_relu_layer<Name, Options...>, Name, Options...> {
  using base = layer<thresholded_relu_layer<Name, Options...>, Name, Options...>;
  static constexpr name kind = "ThresholdedReLU";
  static constexpr auto masks = masking::passed;
  double theta;

  constexpr explicit thresholded_relu_layer(double t, Options const&... options) : base(options...), theta(t) {}
  template <name Scope, class X>
  constexpr auto call(X const& x) const {
    using T = typename X::value_type;
    return composition<keras::detail::thresholded_relu_of<T>>(x, constant<Scope / "theta">(static_cast<T>(theta)));
  }
};

/// x where it is above theta, else 0: `ThresholdedReLU(1.0)`.
template <name Name = "", class... Options, auto Site = [] {}>
constexpr auto ThresholdedReLU(double theta = 1, Options const&... options) {
  return keras::detail::made_at<Site>(
      keras::detail::make_layer<thresholded_relu_layer<Name, Options...>, void()>(theta, options...));
}

}  // namespace layers
}  // namespace keras
TFX_END
