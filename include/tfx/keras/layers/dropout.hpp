// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layer.hpp>
#include <tfx/keras/learning_phase.hpp>
#include <tfx/op/array/constant.hpp>
#include <tfx/op/nn/dropout.hpp>

TFX_BEGIN
namespace keras::layers {

template <name Name, class... Options>
struct dropout_layer : layer<dropout_layer<Name, Options...>, Name, Options...> {
  using base = layer<dropout_layer<Name, Options...>, Name, Options...>;
  static constexpr name kind = "Dropout";
  double rate;

  constexpr explicit dropout_layer(double r, Options const&... options) : base(options...), rate(r) {
    if (!(r >= 0 && r < 1))
      raise<errors::InvalidArgumentError>("Invalid value %g received for `rate`, expected a value in [0, 1).", r);
  }
  template <name Scope, class X>
  constexpr auto call(X const& x) const {
    auto const keep_prob = constant<Scope / "keep_prob">(static_cast<typename X::value_type>(1 - rate));
    return by_phase(nn::dropout<Scope>(x, keep_prob), x);
  }
};

/// In training each number is 0 with the probability `rate`, in [0, 1), and divided by 1 − rate otherwise; else x:
/// `Dropout(0.25)`.
template <name Name = "", class... Options>
constexpr auto Dropout(double rate, Options const&... options) {
  return keras::detail::make_layer<dropout_layer<Name, Options...>, void()>(rate, options...);
}

}  // namespace keras::layers
TFX_END
