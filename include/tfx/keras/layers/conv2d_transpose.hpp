// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layers/conv_layer.hpp>
#include <tfx/op/nn/conv2d_transpose.hpp>

TFX_BEGIN
namespace keras::layers {

/// What transposed convolutions share. `Op` has their kind, and makes the value of x, a kernel, the result's shape and
/// what is told of the window.
template <class Op, int Filters, class Size, name Name, class... Options>
struct conv_transpose_layer;
template <class Op, int Filters, i64... K, name Name, class... Options>
struct conv_transpose_layer<Op, Filters, ksize_t<K...>, Name, Options...>
    : filter_layer<conv_transpose_layer<Op, Filters, ksize_t<K...>, Name, Options...>, sizeof...(K), ksize_t<K...>,
                   Name, Options...> {
  static constexpr int rank = sizeof...(K);
  using base = filter_layer<conv_transpose_layer, rank, ksize_t<K...>, Name, Options...>;
  using base::base;
  static constexpr name kind = Op::kind;
  static constexpr bool has_output_padding = base::template has<keras::detail::output_padding_tag>;

  template <name Scope, class X>
  constexpr auto call(X const& x) const {
    constexpr i64 in = keras::detail::channels_of<kind, rank, X>();
    auto const kernel = this->template filter_of<Scope, weight::kernel, typename X::value_type, Filters, in>();
    constexpr auto result = shape_of_result<X::shape_type::value>(std::make_integer_sequence<int, rank>{});
    return this->template finish<Scope, Filters>(
        Op::of(x, kernel, result, typename base::strides_type{}, keras::detail::op_padding<base::border>(),
               typename base::dilations_type{}),
        kernel);
  }

 private:
  template <template <i64...> class Numbers, i64... N>
  static constexpr i64 at(int axis, Numbers<N...>) {
    constexpr i64 all[] = {N...};
    return all[axis];
  }
  template <dims Image, int... I>
  static constexpr auto shape_of_result(std::integer_sequence<int, I...>) {
    static_assert(!has_output_padding || ((Image[1 + I] >= 0) && ...),
                  "tfx: a transposed convolution with output_padding takes images whose extents are numbers");
    return shape<-1, extent_over<I>(Image[1 + I])..., Filters>;
  }
  /// What an axis of n becomes. Without output padding the op's rule is Keras': -1.
  template <int Axis>
  static constexpr i64 extent_over(i64 n) {
    if constexpr (!has_output_padding) {
      return -1;
    } else {
      constexpr i64 stride = at(Axis, typename base::strides_type{}), size = at(Axis, ksize_t<K...>{}),
                    reach = (size - 1) * at(Axis, typename base::dilations_type{}) + 1,
                    more = at(Axis, keras::detail::argument_for_axes<words, rank, arguments<Options...>,
                                                                     keras::detail::output_padding_tag, words<0>>{});
      static_assert(more < stride, "tfx: output_padding must be less than the strides");
      return (n - 1) * stride + reach - (base::border == window_padding::same ? 2 * (reach / 2) : 0) + more;
    }
  }
};

namespace detail {
struct conv2d_transpose_of {
  static constexpr name kind = "Conv2DTranspose";
  static constexpr int axes = 2;
  static constexpr auto of(auto const& x, auto const& kernel, auto shape, auto strides, auto padding, auto dilations) {
    return nn::conv2d_transpose(x, kernel, shape, strides, padding, dilations);
  }
};
template <class Op, int Filters, class Told, class... Options>
constexpr auto make_conv_transpose(Options const&... options) {
  static_assert(Filters > 0, "tfx: a convolution has at least one filter: Conv2DTranspose<16, 3>");
  static_assert(Told::count > 0 && Told::are_at_least(1), "tfx: a kernel has a size: Conv2DTranspose<16, 3>");
  using layer_type =
      conv_transpose_layer<Op, Filters, keras::detail::window_size<Op::axes, Told, 1>, Told::name, Options...>;
  return filter_layer_maker<layer_type, void(keras::detail::output_padding_tag), weight::kernel>::make(options...);
}
}  // namespace detail

/// A convolution's gradient as a layer, which enlarges images by its strides: x [batch, height, width, channels] and
/// kernel [kernel height, kernel width, filters, channels] make [batch, height · stride, …, filters]; with
/// `padding<"valid">` max(kernel − stride, 0) more. `Conv2DTranspose<16, 3>(strides<2>, padding<"same">)`. Arguments:
/// those of Conv2D, and `output_padding<1>`, less than the strides: height is then (height − 1) · stride + kernel −
/// 2 · ⌊kernel / 2⌋ (0 for "valid") + output_padding, and height and width must be numbers. The value is
/// nn::conv2d_transpose's.
template <int Filters, size_or_name... Kernel, class... Options, auto Site = [] {}>
constexpr auto Conv2DTranspose(Options const&... options) {
  return keras::detail::made_at<Site>(
      detail::make_conv_transpose<detail::conv2d_transpose_of, Filters, keras::detail::told<Kernel...>>(options...));
}

}  // namespace keras::layers
TFX_END
