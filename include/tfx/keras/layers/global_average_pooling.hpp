// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layers/pooling_layer.hpp>
#include <tfx/op/math/reduce_mean.hpp>

TFX_BEGIN
namespace keras::layers {

namespace detail {
template <int Rank>
struct global_average_pooling {
  static constexpr name kind = keras::detail::kind_of_rank<"GlobalAveragePooling", Rank>();
  static constexpr int rank = Rank;
  static constexpr auto of(auto const& x, auto axes) { return reduce_mean(x, axes); }
};
}  // namespace detail

/// The mean of each channel: images [batch, height, width, channels] make [batch, channels].
/// `GlobalAveragePooling2D()`; arguments: `data_format<"channels_last">`.
template <name Name = "", class... Options>
constexpr auto GlobalAveragePooling2D(Options const&... options) {
  return detail::make_global_pooling<detail::global_average_pooling<2>, Name>(options...);
}
/// The same of sequences [batch, steps, channels].
template <name Name = "", class... Options>
constexpr auto GlobalAveragePooling1D(Options const&... options) {
  return detail::make_global_pooling<detail::global_average_pooling<1>, Name>(options...);
}
/// The same of volumes [batch, depth, height, width, channels].
template <name Name = "", class... Options>
constexpr auto GlobalAveragePooling3D(Options const&... options) {
  return detail::make_global_pooling<detail::global_average_pooling<3>, Name>(options...);
}

}  // namespace keras::layers
TFX_END
