// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layer.hpp>
#include <tfx/op/math/multiply.hpp>
#include <tfx/op/math/negative.hpp>
#include <tfx/op/math/subtract.hpp>
#include <tfx/op/nn/relu.hpp>

TFX_BEGIN
namespace keras {
namespace detail {
struct shared_axes_tag;
template <int... Axes>
struct shared_axes_t {
  using tag = shared_axes_tag;
};
}  // namespace detail
/// Axes along which a weight is the same, counted from 1: `shared_axes<1, 2>`.
template <int... Axes>
inline constexpr detail::shared_axes_t<Axes...> shared_axes{};

namespace detail {
template <auto Rows, auto... D, int... Shared, std::size_t... I>
constexpr auto weights_in_rows(shape_t<Rows, D...>, shared_axes_t<Shared...>, std::index_sequence<I...>) {
  constexpr auto is_shared = [](int axis) { return ((axis == Shared) || ... || false); };
  constexpr i64 extents[] = {tfx::detail::extent_of<D>()...};
  static_assert(((Shared >= 1 && Shared <= static_cast<int>(sizeof...(D))) && ... && true),
                "tfx: shared_axes counts the axes of a row from 1");
  static_assert(((is_shared(static_cast<int>(I) + 1) || extents[I] >= 0) && ...),
                "tfx: a dimension along which weights are not shared is a number");
  return shape<(is_shared(static_cast<int>(I) + 1) ? 1 : extents[I])...>;
}
/// The shape of a row, with an extent of 1 along shared axes.
template <class Shape, int... Shared>
constexpr auto weights_beside(shared_axes_t<Shared...> shared) {
  return weights_in_rows(Shape{}, shared, std::make_index_sequence<static_cast<std::size_t>(Shape::rank - 1)>{});
}
struct prelu_of {
  constexpr auto operator()(auto x, auto alpha) const { return nn::relu(x) - alpha * nn::relu(-x); }
};
}  // namespace detail

namespace layers {

template <name Name, class... Options>
struct prelu_layer : layer<prelu_layer<Name, Options...>, Name, Options...> {
  using base = layer<prelu_layer<Name, Options...>, Name, Options...>;
  using base::base;
  static constexpr name kind = "PReLU";
  static constexpr auto masks = masking::passed;
  using shared =
      std::conditional_t<base::template has<keras::detail::shared_axes_tag>,
                         typename base::template type<keras::detail::shared_axes_tag>, keras::detail::shared_axes_t<>>;

  template <name Scope, class X>
  constexpr auto call(X const& x) const {
    static_assert(X::shape_type::rank >= 2, "tfx: PReLU takes [batch, ..., n]");
    constexpr auto size = keras::detail::weights_beside<typename X::shape_type>(shared{});
    auto const alpha =
        this->template weight_of<Scope, weight::alpha, typename X::value_type>(size, zeros_initializer());
    return with_weights(composition<keras::detail::prelu_of>(x, alpha), alpha);
  }
};

/// x where it is above 0, else alpha · x, where alpha is a weight of x's shape without the batch (He et al., 2015);
/// along the axes that are shared, counted from 1, it has an extent of 1: `PReLU(shared_axes<1, 2>)` has one alpha for
/// each channel of an image. Arguments: initializer (zeros), regularizer and constraint of alpha.
template <name Name = "", class... Options, auto Site = [] {}>
constexpr auto PReLU(Options const&... options) {
  return keras::detail::made_at<Site>(
      keras::detail::make_layer<prelu_layer<Name, Options...>, void(keras::detail::shared_axes_tag), weight::alpha>(
          options...));
}

}  // namespace layers
}  // namespace keras
TFX_END
