// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layer.hpp>
#include <tfx/keras/learning_phase.hpp>
#include <tfx/op/array/constant.hpp>
#include <tfx/op/nn/dropout.hpp>

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
template <class X, class Noise>
constexpr auto noise_shape_of(Noise) {
  using told = typename Noise::shape_type;
  static_assert(told::rank == X::shape_type::rank, "tfx: noise_shape has as many extents as the inputs");
  return noise_beside(typename X::shape_type{}, told{},
                      std::make_index_sequence<static_cast<std::size_t>(told::rank)>{});
}
}  // namespace detail
/// What is dropped together: an extent of 1 stands for a whole axis, -1 for the input's own extent:
/// `Dropout(0.5, noise_shape<-1, 1, 64>)`.
template <auto... D>
inline constexpr detail::noise_shape_t<shape_t<tfx::detail::canonical<D>()...>> noise_shape{};

namespace layers {

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
      using noise = typename base::template type<keras::detail::noise_shape_tag>;
      return this->template drop<Scope>(x, keras::detail::noise_shape_of<X>(noise{}));
    } else {
      return this->template drop<Scope>(x);
    }
  }
};

/// In training each number is 0 with the probability `rate`, in [0, 1), and divided by 1 − rate otherwise; else x
/// (Srivastava et al., 2014): `Dropout(0.25)`. Arguments: `noise_shape<-1, 1, 64>`, along whose extents of 1 numbers
/// are dropped together, and `seed(7)`.
template <name Name = "", class... Options>
constexpr auto Dropout(double rate, Options const&... options) {
  return keras::detail::make_layer<dropout_layer<Name, Options...>,
                                   void(keras::detail::noise_shape_tag, keras::detail::seed_tag)>(rate, options...);
}

}  // namespace layers
}  // namespace keras
TFX_END
