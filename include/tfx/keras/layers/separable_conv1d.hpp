// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layers/conv_layer.hpp>
#include <tfx/op/array/expand_dims.hpp>
#include <tfx/op/array/pad.hpp>
#include <tfx/op/array/squeeze.hpp>
#include <tfx/op/nn/separable_conv2d.hpp>

TFX_BEGIN
namespace keras::layers {

template <int Filters, class Size, name Name, class... Options>
struct separable_conv1d_layer;
template <int Filters, i64 K, name Name, class... Options>
struct separable_conv1d_layer<Filters, ksize_t<K>, Name, Options...>
    : filter_layer<separable_conv1d_layer<Filters, ksize_t<K>, Name, Options...>, 1, ksize_t<K>, Name, Options...> {
  using base = filter_layer<separable_conv1d_layer, 1, ksize_t<K>, Name, Options...>;
  using base::base;
  static constexpr name kind = "SeparableConv1D";

  template <name Scope, class X>
  constexpr auto call(X const& x) const {
    using T = typename X::value_type;
    constexpr i64 in = keras::detail::channels_of<kind, 1, X>();
    auto const of_each = this->template filter_of<Scope, weight::depthwise_kernel, T, in, base::multiplier>();
    auto const of_all = this->template weight_of<Scope, weight::pointwise_kernel, T>(
        shape<1, in * base::multiplier, Filters>, glorot_uniform_initializer());
    return this->template finish<Scope, Filters>(
        convolve(x, of_each, of_all, typename base::strides_type{}, typename base::dilations_type{}), of_each, of_all);
  }

 private:
  /// As images of one row.
  template <class X, class E, class A, i64 S, i64 D>
  static constexpr auto convolve(X const& x, E const& of_each, A const& of_all, strides_t<S>, dilations_t<D>) {
    constexpr auto row = axis<0>;
    auto const convolved = [&](auto const& y, auto padding) {
      return squeeze(nn::separable_conv2d(expand_dims(y, axis<1>), expand_dims(of_each, row), expand_dims(of_all, row),
                                          strides<S, S>, padding, dilations<D, D>),
                     axis<1>);
    };
    if constexpr (base::border == window_padding::causal) {
      return convolved(pad(x, paddings<0, 0, (K - 1) * D, 0, 0, 0>), tfx::padding::VALID);
    } else {
      return convolved(x, keras::detail::op_padding<base::border>());
    }
  }
};

/// SeparableConv2D of sequences: x [batch, steps, channels], depthwise_kernel [size, channels, multiplier],
/// pointwise_kernel [1, channels · multiplier, filters]: `SeparableConv1D<16, 3>()`. With `padding<"causal">` no value
/// depends on a later step.
template <int Filters, size_or_name... Kernel, class... Options, auto Site = [] {}>
constexpr auto SeparableConv1D(Options const&... options) {
  using told = keras::detail::told<Kernel...>;
  static_assert(Filters > 0, "tfx: a convolution has at least one filter: SeparableConv1D<16, 3>");
  static_assert(told::count > 0 && told::are_at_least(1), "tfx: a kernel has a size: SeparableConv1D<16, 3>");
  using layer_type = separable_conv1d_layer<Filters, keras::detail::window_size<1, told, 1>, told::name, Options...>;
  return keras::detail::made_at<Site>(
      detail::filter_layer_maker<layer_type, void(keras::detail::depth_multiplier_tag), weight::depthwise_kernel,
                                 weight::pointwise_kernel>::make(options...));
}

}  // namespace keras::layers
TFX_END
