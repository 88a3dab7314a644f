// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layers/conv_layer.hpp>
#include <tfx/op/nn/separable_conv2d.hpp>

TFX_BEGIN
namespace keras::layers {

template <int Filters, class Size, name Name, class... Options>
struct separable_conv2d_layer
    : filter_layer<separable_conv2d_layer<Filters, Size, Name, Options...>, 2, Size, Name, Options...> {
  using base = filter_layer<separable_conv2d_layer, 2, Size, Name, Options...>;
  using base::base;
  static constexpr name kind = "SeparableConv2D";

  template <name Scope, class X>
  constexpr auto call(X const& x) const {
    using T = typename X::value_type;
    constexpr i64 in = keras::detail::channels_of<kind, 2, X>();
    auto const of_each = this->template filter_of<Scope, weight::depthwise_kernel, T, in, base::multiplier>();
    auto const of_all = this->template weight_of<Scope, weight::pointwise_kernel, T>(
        shape<1, 1, in * base::multiplier, Filters>, glorot_uniform_initializer());
    auto const y = nn::separable_conv2d(x, of_each, of_all, typename base::strides_type{},
                                        keras::detail::op_padding<base::border>(), typename base::dilations_type{});
    return this->template finish<Scope, Filters>(y, of_each, of_all);
  }
};

/// Filters of each channel, then sums over all channels at each place: x [batch, height, width, channels],
/// depthwise_kernel [kernel height, kernel width, channels, multiplier], pointwise_kernel [1, 1, channels · multiplier,
/// filters], bias [filters]: `SeparableConv2D<16, 3>(padding<"same">)`. Arguments: those of Conv2D, with initializer
/// (glorot_uniform), regularizer and constraint of both kernels, `depthwise_initializer` and `pointwise_initializer`,
/// and `depth_multiplier<2>` (1). The value is nn::separable_conv2d's.
template <int Filters, size_or_name... Kernel, class... Options, auto Site = [] {}>
constexpr auto SeparableConv2D(Options const&... options) {
  using told = keras::detail::told<Kernel...>;
  static_assert(Filters > 0, "tfx: a convolution has at least one filter: SeparableConv2D<16, 3>");
  static_assert(told::count > 0 && told::are_at_least(1), "tfx: a kernel has a size: SeparableConv2D<16, 3>");
  using layer_type = separable_conv2d_layer<Filters, keras::detail::window_size<2, told, 1>, told::name, Options...>;
  return keras::detail::made_at<Site>(
      detail::filter_layer_maker<layer_type, void(keras::detail::depth_multiplier_tag), weight::depthwise_kernel,
                                 weight::pointwise_kernel>::make(options...));
}

}  // namespace keras::layers
TFX_END
