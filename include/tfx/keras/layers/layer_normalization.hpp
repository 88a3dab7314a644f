// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layers/normalization.hpp>

TFX_BEGIN
namespace keras::layers {

template <name Name, class... Options>
struct layer_normalization_layer : layer<layer_normalization_layer<Name, Options...>, Name, Options...> {
  using base = layer<layer_normalization_layer<Name, Options...>, Name, Options...>;
  using base::base;
  static constexpr name kind = "LayerNormalization";
  static constexpr auto masks = masking::passed;
  static constexpr bool scales = base::template static_or<keras::detail::scale_tag, true>();
  static constexpr bool moves = base::template static_or<keras::detail::center_tag, true>();

  template <name Scope, class X>
  constexpr auto call(X const& x) const {
    using T = typename X::value_type;
    constexpr dims all = X::shape_type::value;
    static_assert(all.rank >= 2, "tfx: LayerNormalization takes [batch, ..., n]");
    static_assert(all[all.rank - 1] >= 0, "tfx: the last dimension that LayerNormalization takes is a number");
    constexpr auto size = shape<all[all.rank - 1]>;
    auto const gamma = this->template weight_of<Scope, weight::gamma, T>(size, ones_initializer());
    auto const beta = this->template weight_of<Scope, weight::beta, T>(size, zeros_initializer());
    auto const epsilon =
        constant<Scope / "epsilon">(static_cast<T>(this->template value_or<keras::detail::epsilon_tag>(0.001)));
    auto const [mean, variance] = nn::moments<"moments">(x, axes<-1>, keepdims);
    auto const y = keras::detail::normalized<scales, moves>(x, mean, variance, epsilon, gamma, beta);
    return keras::detail::with_affine_weights<scales, moves>(y, gamma, beta);
  }
};

/// (x − mean) · rsqrt(variance + epsilon) · gamma + beta, with mean and variance along the last axis of each row (Ba et
/// al., 2016): `LayerNormalization()`, `LayerNormalization(epsilon = 1e-5)`. Arguments: `center<false>`,
/// `scale<false>`, and initializer, regularizer and constraint of gamma (ones) and beta (zeros).
template <name Name = "", class... Options>
constexpr auto LayerNormalization(Options const&... options) {
  using namespace keras::detail;
  return make_layer<layer_normalization_layer<Name, Options...>, void(epsilon_tag, center_tag, scale_tag),
                    weight::gamma, weight::beta>(options...);
}

}  // namespace keras::layers
TFX_END
