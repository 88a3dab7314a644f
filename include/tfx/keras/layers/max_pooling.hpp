// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layers/pooling_layer.hpp>
#include <tfx/op/nn/max_pool.hpp>
#include <tfx/op/nn/max_pool1d.hpp>

TFX_BEGIN
namespace keras::layers {

namespace detail {
template <int Rank>
struct max_pooling {
  static constexpr name kind = keras::detail::kind_of_rank<"MaxPooling", Rank>();
  static constexpr auto of(auto const& x, auto size, auto strides, auto padding) {
    if constexpr (Rank == 1) {
      return nn::max_pool1d(x, size, strides, padding);
    } else if constexpr (Rank == 2) {
      return nn::max_pool(x, size, strides, padding);
    } else {
      return nn::max_pool3d(x, size, strides, padding);
    }
  }
};
}  // namespace detail

/// The largest number of each window of images [batch, height, width, channels], channel by channel:
/// `MaxPooling2D<2>()` halves height and width, `MaxPooling2D<3, 2>(strides<1>, padding<"same">)`. Arguments: the size
/// (2), a name, `MaxPooling2D<2, "pool">`, `strides<2>` (the size), `padding<"same">` ("valid"),
/// `data_format<"channels_last">`. Padding never wins. The value is nn::max_pool's.
template <size_or_name... Size, class... Options, auto Site = [] {}>
constexpr auto MaxPooling2D(Options const&... options) {
  return keras::detail::made_at<Site>(
      detail::make_pooling<detail::max_pooling<2>, 2, keras::detail::told<Size...>>(options...));
}
/// The same of sequences [batch, steps, channels].
template <size_or_name... Size, class... Options, auto Site = [] {}>
constexpr auto MaxPooling1D(Options const&... options) {
  return keras::detail::made_at<Site>(
      detail::make_pooling<detail::max_pooling<1>, 1, keras::detail::told<Size...>>(options...));
}
/// The same of volumes [batch, depth, height, width, channels].
template <size_or_name... Size, class... Options, auto Site = [] {}>
constexpr auto MaxPooling3D(Options const&... options) {
  return keras::detail::made_at<Site>(
      detail::make_pooling<detail::max_pooling<3>, 3, keras::detail::told<Size...>>(options...));
}

}  // namespace keras::layers
TFX_END
