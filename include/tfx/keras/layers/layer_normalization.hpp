// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layers/normalization.hpp>

TFX_BEGIN
namespace keras {
namespace detail {
/// Axes of rows that are normalised, in a rank.
template <class Axes, int Rank>
struct normalized_axes;
template <int... A, int Rank>
struct normalized_axes<axes_t<A...>, Rank> {
  static constexpr int places[sizeof...(A)] = {place_of_axis(A, Rank)...};
  static constexpr bool are_increasing = [] {
    for (std::size_t i = 0; i < sizeof...(A); ++i)
      if (places[i] <= (i == 0 ? 0 : places[i - 1])) return false;
    return true;
  }();
  static_assert(are_increasing, "tfx: LayerNormalization normalizes along axes of the rows, counted from 1, in order");

  static constexpr bool has(int place) {
    for (int const each : places)
      if (each == place) return true;
    return false;
  }
  template <class Shape>
  static constexpr auto weights() {
    return shape<Shape::value[place_of_axis(A, Rank)]...>;
  }
  /// A weight as it stands beside x.
  template <class Shape, class V>
  static constexpr auto beside(V const& weight) {
    if constexpr (places[0] == Rank - static_cast<int>(sizeof...(A))) {
      return weight;
    } else {
      return [&]<int... I>(std::integer_sequence<int, I...>) {
        return reshape(weight, shape<(has(I) ? Shape::value[I] : 1)...>);
      }(std::make_integer_sequence<int, Rank>{});
    }
  }
};
}  // namespace detail

namespace layers {

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
    using given = typename base::template type<keras::detail::axis_tag>;
    using along = std::conditional_t<std::is_void_v<given>, axes_t<-1>, given>;
    using places = keras::detail::normalized_axes<along, all.rank>;
    constexpr auto size = places::template weights<typename X::shape_type>();
    static_assert(size.value.is_static(), "tfx: a dimension along which LayerNormalization has weights is a number");
    auto const gamma = this->template weight_of<Scope, weight::gamma, T>(size, ones_initializer());
    auto const beta = this->template weight_of<Scope, weight::beta, T>(size, zeros_initializer());
    auto const epsilon =
        constant<Scope / "epsilon">(static_cast<T>(this->template value_or<keras::detail::epsilon_tag>(0.001)));
    auto const [mean, variance] = nn::moments<"moments">(x, along{}, keepdims);
    auto const y = keras::detail::normalized<scales, moves>(x, mean, variance, epsilon,
                                                            places::template beside<typename X::shape_type>(gamma),
                                                            places::template beside<typename X::shape_type>(beta));
    return keras::detail::with_affine_weights<scales, moves>(y, gamma, beta);
  }
};

/// (x − mean) · rsqrt(variance + epsilon) · gamma + beta, with mean and variance along the last axis of each row (Ba et
/// al., 2016), or along others, `axis<1>`, `axes<1, 2>`: gamma and beta have the extents of those.
/// `LayerNormalization()`, `LayerNormalization(epsilon = 1e-5)`. Arguments: `center<false>`, `scale<false>`, and
/// initializer, regularizer and constraint of gamma (ones) and beta (zeros).
template <name Name = "", class... Options, auto Site = [] {}>
constexpr auto LayerNormalization(Options const&... options) {
  using namespace keras::detail;
  return keras::detail::made_at<Site>(
      make_layer<layer_normalization_layer<Name, Options...>, void(epsilon_tag, center_tag, scale_tag, axis_tag),
                 weight::gamma, weight::beta>(options...));
}

}  // namespace layers
}  // namespace keras
TFX_END
