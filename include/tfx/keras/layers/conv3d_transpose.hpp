// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layers/conv2d_transpose.hpp>
#include <tfx/op/nn/conv3d_transpose.hpp>

TFX_BEGIN
namespace keras::layers {

namespace detail {
struct conv3d_transpose_of {
  static constexpr name kind = "Conv3DTranspose";
  static constexpr int axes = 3;
  static constexpr auto of(auto const& x, auto const& kernel, auto shape, auto strides, auto padding, auto dilations) {
    return nn::conv3d_transpose(x, kernel, shape, strides, padding, dilations);
  }
};
}  // namespace detail

/// Conv2DTranspose of volumes: x [batch, depth, height, width, channels] and kernel [depth, height, width, filters,
/// channels]. The value is nn::conv3d_transpose's.
template <int Filters, size_or_name... Kernel, class... Options, auto Site = [] {}>
constexpr auto Conv3DTranspose(Options const&... options) {
  return keras::detail::made_at<Site>(
      detail::make_conv_transpose<detail::conv3d_transpose_of, Filters, keras::detail::told<Kernel...>>(options...));
}

}  // namespace keras::layers
TFX_END
