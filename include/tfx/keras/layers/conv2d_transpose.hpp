// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layers/conv_layer.hpp>
#include <tfx/op/nn/conv2d_transpose.hpp>

TFX_BEGIN
namespace keras::layers {

template <int Filters, class Size, name Name, class... Options>
struct conv2d_transpose_layer;
template <int Filters, i64... K, name Name, class... Options>
struct conv2d_transpose_layer<Filters, ksize_t<K...>, Name, Options...>
    : filter_layer<conv2d_transpose_layer<Filters, ksize_t<K...>, Name, Options...>, 2, ksize_t<K...>, Name,
                   Options...> {
  using base = filter_layer<conv2d_transpose_layer, 2, ksize_t<K...>, Name, Options...>;
  using base::base;
  static constexpr name kind = "Conv2DTranspose";
  static constexpr bool has_output_padding = base::template has<keras::detail::output_padding_tag>;

  template <name Scope, class X>
  constexpr auto call(X const& x) const {
    constexpr i64 in = keras::detail::channels_of<kind, 2, X>();
    constexpr dims image = X::shape_type::value;
    static_assert(!has_output_padding || (image[1] >= 0 && image[2] >= 0),
                  "tfx: Conv2DTranspose with output_padding takes images whose height and width are numbers");
    auto const kernel = this->template filter_of<Scope, weight::kernel, typename X::value_type, Filters, in>();
    constexpr typename base::dilations_type dilations{};
    constexpr auto result = shape<-1, extent_over<0>(image[1]), extent_over<1>(image[2]), Filters>;
    return this->template finish<Scope, Filters>(
        nn::conv2d_transpose(x, kernel, result, typename base::strides_type{},
                             keras::detail::op_padding<base::border>(), dilations),
        kernel);
  }

 private:
  template <template <i64...> class Numbers, i64... N>
  static constexpr i64 at(int axis, Numbers<N...>) {
    constexpr i64 all[] = {N...};
    return all[axis];
  }
  /// What an axis of n becomes. Without output padding the op's rule is Keras': -1.
  template <int Axis>
  static constexpr i64 extent_over(i64 n) {
    if constexpr (!has_output_padding) {
      return -1;
    } else {
      constexpr i64 stride = at(Axis, typename base::strides_type{}), size = at(Axis, ksize_t<K...>{}),
                    reach = (size - 1) * at(Axis, typename base::dilations_type{}) + 1,
                    more = at(Axis, keras::detail::argument_for_axes<words, 2, arguments<Options...>,
                                                                     keras::detail::output_padding_tag, words<0>>{});
      static_assert(more < stride, "tfx: Conv2DTranspose: output_padding must be less than the strides");
      return (n - 1) * stride + reach - (base::border == window_padding::same ? 2 * (reach / 2) : 0) + more;
    }
  }
};

/// A convolution's gradient as a layer, which enlarges images by its strides: x [batch, height, width, channels] and
/// kernel [kernel height, kernel width, filters, channels] make [batch, height · stride, …, filters]; with
/// `padding<"valid">` max(kernel − stride, 0) more. `Conv2DTranspose<16, 3>(strides<2>, padding<"same">)`. Arguments:
/// those of Conv2D, and `output_padding<1>`, less than the strides: height is then (height − 1) · stride + kernel −
/// 2 · ⌊kernel / 2⌋ (0 for "valid") + output_padding, and height and width must be numbers. The value is
/// nn::conv2d_transpose's.
template <int Filters, size_or_name... Kernel, class... Options>
constexpr auto Conv2DTranspose(Options const&... options) {
  using told = keras::detail::told<Kernel...>;
  static_assert(Filters > 0, "tfx: a convolution has at least one filter: Conv2DTranspose<16, 3>");
  static_assert(told::count > 0 && told::are_at_least(1), "tfx: a kernel has a size: Conv2DTranspose<16, 3>");
  using layer_type = conv2d_transpose_layer<Filters, keras::detail::window_size<2, told, 1>, told::name, Options...>;
  return detail::filter_layer_maker<layer_type, void(keras::detail::output_padding_tag), weight::kernel>::make(
      options...);
}

}  // namespace keras::layers
TFX_END
