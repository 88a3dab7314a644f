// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/composition.hpp>
#include <tfx/keras/layer.hpp>
#include <tfx/keras/learning_phase.hpp>
#include <tfx/op/array/constant.hpp>
#include <tfx/op/math/reduce_sum.hpp>
#include <tfx/op/nn/dropout.hpp>
#include <tfx/op/random/random_like.hpp>

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

/// Something in the shape of noise for x, of which nothing but that shape is read.
template <class Noise>
struct in_noise_shape {
  constexpr auto operator()(auto x) const {
    i64 words[1 + max_rank] = {1};
    int count = 1;
    for (int i = 0; i < Noise::value.rank; ++i)
      if (Noise::value[i] == 1) words[count++] = i;
    return count == 1 ? x : tfx::detail::add_value(info<reduce_sum_op>, {}, words, count, x);
  }
};
template <class Layer, class X>
constexpr auto noise_target(X const& x) {
  using noise = std::remove_const_t<decltype(noise_shape_of<X, Layer>())>;
  if constexpr (std::is_same_v<noise, typename X::shape_type>) {
    return x;
  } else {
    static_assert(tfx::detail::is_no_larger(noise::value, X::shape_type::value),
                  "tfx: noise_shape has extents of the inputs, or 1");
    return composition<in_noise_shape<noise>>(x);
  }
}
/// Random numbers in the shape of x: under the layer's name, from its seed if it was told one.
template <class Op, name Scope, class Layer, class X>
constexpr auto noise_like(Layer const& layer, X const& x) {
  constexpr auto noise = Scope / "noise";
  if constexpr (Layer::template has<seed_tag>) {
    return tfx::detail::draw_like<Op, noise, member_site<noise>{}>(x, layer.template get_or<seed_tag>(0));
  } else {
    return tfx::detail::draw_like<Op, noise, member_site<noise>{}>(x);
  }
}
}  // namespace detail

/// What is dropped together: an extent of 1 stands for a whole axis, -1 for the input's own extent:
/// `Dropout(0.5, noise_shape<-1, 1, 64>)`.
template <auto... D>
inline constexpr detail::noise_shape_t<shape_t<tfx::detail::canonical<D>()...>> noise_shape{};

}  // namespace keras
TFX_END
