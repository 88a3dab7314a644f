// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layers/conv_layer.hpp>
#include <tfx/op/nn/conv1d.hpp>
#include <tfx/op/nn/conv2d.hpp>
#include <tfx/op/nn/conv3d.hpp>

TFX_BEGIN
namespace keras::layers {

template <int Filters, class Size, name Name, class... Options>
struct conv_layer;
template <int Filters, i64... K, name Name, class... Options>
struct conv_layer<Filters, ksize_t<K...>, Name, Options...>
    : filter_layer<conv_layer<Filters, ksize_t<K...>, Name, Options...>, sizeof...(K), ksize_t<K...>, Name,
                   Options...> {
  static constexpr int rank = sizeof...(K);
  using base = filter_layer<conv_layer, rank, ksize_t<K...>, Name, Options...>;
  using base::base;
  static constexpr name kind = keras::detail::kind_of_rank<"Conv", rank>();

  template <name Scope, class X>
  constexpr auto call(X const& x) const {
    constexpr i64 in = keras::detail::channels_of<kind, rank, X>();
    auto const kernel = this->template filter_of<Scope, weight::kernel, typename X::value_type, in, Filters>();
    return this->template finish<Scope, Filters>(convolve(x, kernel, typename base::dilations_type{}), kernel);
  }

 private:
  template <class X, class W, i64... D>
  static constexpr auto convolve(X const& x, W const& kernel, dilations_t<D...> dilations) {
    constexpr typename base::strides_type strides{};
    if constexpr (rank == 1 && base::border == window_padding::causal) {
      return nn::conv1d(x, kernel, strides, tfx::padding::EXPLICIT<(((K - 1) * D) + ...), 0>, dilations);
    } else if constexpr (rank == 1) {
      return nn::conv1d(x, kernel, strides, keras::detail::op_padding<base::border>(), dilations);
    } else if constexpr (rank == 2) {
      return nn::conv2d(x, kernel, strides, keras::detail::op_padding<base::border>(), dilations);
    } else {
      return nn::conv3d(x, kernel, strides, keras::detail::op_padding<base::border>(), dilations);
    }
  }
};

namespace detail {
template <int Rank, int Filters, class Told, class... Options>
constexpr auto make_conv(Options const&... options) {
  static_assert(Filters > 0, "tfx: a convolution has at least one filter: Conv2D<16, 3>");
  static_assert(Told::count > 0 && Told::are_at_least(1), "tfx: a kernel has a size, 1 or more: Conv2D<16, 3>");
  using layer_type = conv_layer<Filters, keras::detail::window_size<Rank, Told, 1>, Told::name, Options...>;
  return filter_layer_maker<layer_type, void(), weight::kernel>::make(options...);
}
}  // namespace detail

/// activation(Σ of each window of x with each filter + bias), x [batch, height, width, channels], kernel [kernel
/// height, kernel width, channels, filters], bias [filters]: `Conv2D<16, 3>(activation<"relu">, padding<"same">)`,
/// `Conv2D<16, 3, 5>` with a kernel of 3 by 5, `Conv2D<16, 3, "first">` with a name. Arguments: an activation,
/// `strides<2>` (1), `padding<"same">` ("valid"), `dilation_rate<2>` (1; with strides of 1), `use_bias<false>`,
/// `trainable<false>`, `data_format<"channels_last">`, and initializer, regularizer and constraint of kernel
/// (glorot_uniform) and bias (zeros), `activity_regularizer`. The value is nn::conv2d's.
template <int Filters, size_or_name... Kernel, class... Options, auto Site = [] {}>
constexpr auto Conv2D(Options const&... options) {
  return keras::detail::made_at<Site>(detail::make_conv<2, Filters, keras::detail::told<Kernel...>>(options...));
}
/// The same of sequences [batch, steps, channels], kernel [size, channels, filters]: `Conv1D<16, 3>`. With
/// `padding<"causal">` no value depends on a later step.
template <int Filters, size_or_name... Kernel, class... Options, auto Site = [] {}>
constexpr auto Conv1D(Options const&... options) {
  return keras::detail::made_at<Site>(detail::make_conv<1, Filters, keras::detail::told<Kernel...>>(options...));
}
/// The same of volumes [batch, depth, height, width, channels], kernel [depth, height, width, channels, filters]:
/// `Conv3D<16, 3>`, `Conv3D<16, 1, 3, 3>`.
template <int Filters, size_or_name... Kernel, class... Options, auto Site = [] {}>
constexpr auto Conv3D(Options const&... options) {
  return keras::detail::made_at<Site>(detail::make_conv<3, Filters, keras::detail::told<Kernel...>>(options...));
}

}  // namespace keras::layers
TFX_END
