// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layer.hpp>
#include <tfx/keras/learning_phase.hpp>
#include <tfx/op/array/constant.hpp>
#include <tfx/op/random/random_op.hpp>

TFX_BEGIN
namespace keras {
namespace detail {
struct noise_shape_tag;
template <class Shape>
struct noise_shape_t {
  using tag = noise_shape_tag;
  using shape_type = Shape;
};
constexpr double checked_rate(double rate) {
  if (!(rate >= 0 && rate < 1))
    raise<errors::InvalidArgumentError>("Invalid value %g received for `rate`, expected a value in [0, 1).", rate);
  return rate;
}
template <bool First>
constexpr auto chosen(auto first, auto second) {
  if constexpr (First) {
    return first;
  } else {
    return second;
  }
}
/// The extents of noise beside x, in place of each of which -1 may stand.
template <auto... X, auto... D, std::size_t... I>
constexpr auto noise_beside(shape_t<X...>, shape_t<D...>, std::index_sequence<I...>) {
  constexpr std::tuple of_x{X...};
  constexpr std::tuple told{D...};
  constexpr bool follows[] = {tfx::detail::extent_of<D>() == dims::unknown...};
  return shape<chosen<follows[I]>(std::get<I>(of_x), std::get<I>(told))...>;
}
/// The shape of noise for X, as the layer's arguments tell it.
template <class X, class Layer>
constexpr auto noise_shape_of() {
  if constexpr (Layer::template has<noise_shape_tag>) {
    using told = typename Layer::template type<noise_shape_tag>::shape_type;
    static_assert(told::rank == X::shape_type::rank, "tfx: noise_shape has as many extents as the inputs");
    return noise_beside(typename X::shape_type{}, told{},
                        std::make_index_sequence<static_cast<std::size_t>(told::rank)>{});
  } else {
    return typename X::shape_type{};
  }
}

/// What tells the noise of one call of a layer from that of another.
template <name Scope, u64 X>
struct noise_stream {
  static constexpr name_value text = name_of(Scope.view(), "/noise/", static_cast<i64>(X >> 1));
};
template <class Op, name Scope, class X, auto... D, class... Seed>
constexpr auto draw(shape_t<D...>, Seed... from) {
  using stream = noise_stream<Scope, X::hash>;
  return tfx::detail::random_of<Op, as_name<stream>(), typename X::value_type, member_site<as_name<stream>()>{},
                                D...>::template make<Scope / "noise">(from...);
}
/// Random numbers beside x, of a shape: under the layer's name, from its seed if it was told one.
template <class Op, name Scope, class Layer, class X, class Shape>
constexpr auto noise_for(Layer const& layer, X const&, Shape of_noise) {
  if constexpr (Layer::template has<seed_tag>) {
    return draw<Op, Scope, X>(of_noise, layer.template get_or<seed_tag>(0));
  } else {
    return draw<Op, Scope, X>(of_noise);
  }
}
}  // namespace detail

/// What is dropped together: an extent of 1 stands for a whole axis, -1 for the input's own extent:
/// `Dropout(0.5, noise_shape<-1, 1, 64>)`.
template <auto... D>
inline constexpr detail::noise_shape_t<shape_t<tfx::detail::canonical<D>()...>> noise_shape{};

}  // namespace keras
TFX_END
