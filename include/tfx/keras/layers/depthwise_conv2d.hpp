// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layers/conv_layer.hpp>
#include <tfx/op/nn/depthwise_conv2d.hpp>

TFX_BEGIN
namespace keras::layers {

template <class Size, name Name, class... Options>
struct depthwise_conv2d_layer
    : filter_layer<depthwise_conv2d_layer<Size, Name, Options...>, 2, Size, Name, Options...> {
  using base = filter_layer<depthwise_conv2d_layer, 2, Size, Name, Options...>;
  using base::base;
  static constexpr name kind = "DepthwiseConv2D";

  template <name Scope, class X>
  constexpr auto call(X const& x) const {
    constexpr i64 in = keras::detail::channels_of<kind, 2, X>();
    auto const kernel =
        this->template filter_of<Scope, weight::depthwise_kernel, typename X::value_type, in, base::multiplier>();
    auto const y = nn::depthwise_conv2d(x, kernel, typename base::strides_type{},
                                        keras::detail::op_padding<base::border>(), typename base::dilations_type{});
    return this->template finish<Scope, in * base::multiplier>(y, kernel);
  }
};

/// Each channel of images with filters of its own: x [batch, height, width, channels], depthwise_kernel [kernel height,
/// kernel width, channels, multiplier], bias [channels · multiplier]: `DepthwiseConv2D<3>(padding<"same">)`. Arguments:
/// those of Conv2D, with `depthwise_initializer` (glorot_uniform), `depthwise_regularizer` and `depthwise_constraint`,
/// and `depth_multiplier<2>` (1). The value is nn::depthwise_conv2d's.
template <size_or_name... Kernel, class... Options, auto Site = [] {}>
constexpr auto DepthwiseConv2D(Options const&... options) {
  using told = keras::detail::told<Kernel...>;
  static_assert(told::count > 0 && told::are_at_least(1), "tfx: a kernel has a size: DepthwiseConv2D<3>");
  using layer_type = depthwise_conv2d_layer<keras::detail::window_size<2, told, 1>, told::name, Options...>;
  return keras::detail::made_at<Site>(
      detail::filter_layer_maker<layer_type, void(keras::detail::depth_multiplier_tag), weight::depthwise_kernel>::make(
          options...));
}

}  // namespace keras::layers
TFX_END
