// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layers/dropout.hpp>

TFX_BEGIN
namespace keras {
namespace detail {
/// The batch, extents of 1, and the channels.
template <auto Rows, auto... D, std::size_t... I>
constexpr auto whole_maps(shape_t<Rows, D...>, std::index_sequence<I...>) {
  constexpr std::tuple extents{D...};
  return shape<Rows, (static_cast<void>(I), 1)..., std::get<sizeof...(I)>(extents)>;
}
}  // namespace detail

namespace layers {

template <int Axes, name Name, class... Options>
struct spatial_dropout_layer : dropping_layer<spatial_dropout_layer<Axes, Name, Options...>, Name, Options...> {
  using dropping_layer<spatial_dropout_layer<Axes, Name, Options...>, Name, Options...>::dropping_layer;
  static constexpr name kind = Axes == 1   ? name{"SpatialDropout1D"}
                               : Axes == 2 ? name{"SpatialDropout2D"}
                                           : name{"SpatialDropout3D"};

  template <name Scope, class X>
  constexpr auto call(X const& x) const {
    static_assert(X::shape_type::rank == Axes + 2, "tfx: SpatialDropout takes [batch, one to three axes, channels]");
    return this->template drop<Scope>(
        x, keras::detail::whole_maps(typename X::shape_type{},
                                     std::make_index_sequence<static_cast<std::size_t>(Axes)>{}));
  }
};

/// Dropout of whole channels of each row (Tompson et al., 2015): of x [batch, time, channels],
/// `SpatialDropout1D(0.25)`; of images and of volumes, whose channels are last too. Argument: `seed(7)`.
template <name Name = "", class... Options, auto Site = [] {}>
constexpr auto SpatialDropout1D(double rate, Options const&... options) {
  return keras::detail::made_at<Site>(
      keras::detail::make_layer<spatial_dropout_layer<1, Name, Options...>, void(keras::detail::seed_tag)>(rate,
                                                                                                           options...));
}
template <name Name = "", class... Options, auto Site = [] {}>
constexpr auto SpatialDropout2D(double rate, Options const&... options) {
  return keras::detail::made_at<Site>(
      keras::detail::make_layer<spatial_dropout_layer<2, Name, Options...>, void(keras::detail::seed_tag)>(rate,
                                                                                                           options...));
}
template <name Name = "", class... Options, auto Site = [] {}>
constexpr auto SpatialDropout3D(double rate, Options const&... options) {
  return keras::detail::made_at<Site>(
      keras::detail::make_layer<spatial_dropout_layer<3, Name, Options...>, void(keras::detail::seed_tag)>(rate,
                                                                                                           options...));
}

}  // namespace layers
}  // namespace keras
TFX_END
