// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layers/noise.hpp>
#include <tfx/op/nn/dropout.hpp>

TFX_BEGIN
namespace keras::layers {

/// What layers share that drop numbers in training.
template <class Self, name Name, class... Options>
struct dropping_layer : layer<Self, Name, Options...> {
  using base = layer<Self, Name, Options...>;
  static constexpr auto masks = masking::passed;
  double rate;

  constexpr explicit dropping_layer(double r, Options const&... options)
      : base(options...), rate(keras::detail::checked_rate(r)) {}

 protected:
  template <name Scope, class X, class... Noise>
  constexpr auto drop(X const& x, Noise... noise) const {
    auto const keep_prob = constant<Scope / "keep_prob">(static_cast<typename X::value_type>(1 - rate));
    if constexpr (base::template has<keras::detail::seed_tag>) {
      return by_phase(nn::dropout<Scope>(x, keep_prob, noise..., this->template get_or<keras::detail::seed_tag>(0)), x);
    } else {
      return by_phase(nn::dropout<Scope>(x, keep_prob, noise...), x);
    }
  }
};

template <name Name, class... Options>
struct dropout_layer : dropping_layer<dropout_layer<Name, Options...>, Name, Options...> {
  using base = dropping_layer<dropout_layer<Name, Options...>, Name, Options...>;
  using base::base;
  static constexpr name kind = "Dropout";

  template <name Scope, class X>
  constexpr auto call(X const& x) const {
    if constexpr (base::template has<keras::detail::noise_shape_tag>) {
      return this->template drop<Scope>(x, keras::detail::noise_shape_of<X, base>());
    } else {
      return this->template drop<Scope>(x);
    }
  }
};

/// In training each number is 0 with the probability `rate`, in [0, 1), and divided by 1 − rate otherwise; else x
/// (Srivastava et al., 2014): `Dropout(0.25)`. Arguments: `noise_shape<-1, 1, 64>`, along whose extents of 1 numbers
/// are dropped together, and `seed(7)`.
template <name Name = "", class... Options, auto Site = [] {}>
constexpr auto Dropout(double rate, Options const&... options) {
  return keras::detail::made_at<Site>(
      keras::detail::make_layer<dropout_layer<Name, Options...>,
                                void(keras::detail::noise_shape_tag, keras::detail::seed_tag)>(rate, options...));
}

}  // namespace keras::layers
TFX_END
