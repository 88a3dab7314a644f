// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/kernel/depthwise.hpp>
#include <tfx/op/nn/convolution.hpp>

TFX_BEGIN

/// What the three ops share: the filter is [kh, kw, c, m], its places [n, oh, ow, c · m].
struct depthwise_ops : convolution_op<2> {
  using of_places = struct depthwise_conv2d_op;
  using of_image = struct depthwise_conv2d_backprop_input_op;
  using of_filter = struct depthwise_conv2d_backprop_filter_op;

  static constexpr i64 filters(inference& call, dims const& filter) {
    return call.derived(extent_rule::multiply, filter[2], filter[3]);
  }
  static constexpr void agree_filters(inference& call, dims const& filter, dims const& dy) {
    agree_channels(call, dy[3], filters(call, filter), dy, filter);
  }
  static constexpr double flops_of(dims const& places, dims const& filter) {
    return 2.0 * static_cast<double>(places.count()) * static_cast<double>(filter[0] * filter[1]);
  }
  static constexpr kernel::convolution facts(attribute_words words, dims const& image, dims const& filter) {
    window const along = attributes(words).over(filter);
    return {known(image[1]), known(image[2]), known(image[3], filter[2]), known(filter[3]), along[0], along[1]};
  }
  /// Scratch for an image that has the channels of the places, and zeros around it.
  static constexpr void add_spread(scratch_request& call, dtype type, dims const& x, dims const& filter) {
    i64 const padding = padding_of(attributes(call.attributes()).over(filter), x[2]);
    bool const in_place = padding == 0 && filter[3] == 1;
    if (x[2] >= 0) return call.add(type, dims{4, {x[1], in_place ? 0 : x[2] + padding, filter[2], filter[3]}});
    call.add(type, dims{4, {x[1], in_place ? 0 : x[2], filter[2], filter[3]}},
             dims{4, {x[1], padding, filter[2], filter[3]}});
  }
  template <class Call>
  static kernel::image_extents extents(Call const& call, dims const& image, dims const& filter) {
    return {call.extent(image[0]), call.extent(image[1]), call.extent(image[2]), call.extent(image[3]),
            call.extent(filter[3])};
  }
};

/// Each channel of an image with its own filters. The gradients are ops of their own, as those of conv2d.
struct depthwise_conv2d_op : convolution_of_places<depthwise_ops> {
  static constexpr auto name = "DepthwiseConv2dNative";
  static constexpr op_traits traits{.multilinear = true,
                                    .counts_flops = true,
                                    .has_scratch = true,
                                    .mismatch = "input and filter must have the same depth: %s vs %s"};

  static constexpr void scratch(scratch_request& call) { add_spread(call, call.type(0), call.shape(0), call.shape(1)); }
  template <class Call>
  static void run(Call const& call) {
    constexpr dims x = Call::in_shape(0), filter = Call::in_shape(1);
    using T = typename Call::out_type;
    if (call.count(Call::out_shape()) == 0) return;
    kernel::convolve_depthwise<T, facts(Call::attributes(), x, filter)>(
        readable<T>(call.template in<0>(), call.count(x), call.out()), call.template in<1>(), call.out(),
        extents(call, x, filter), call.scratch());
  }
};
/// The gradient of depthwise_conv2d for the image.
struct depthwise_conv2d_backprop_input_op : convolution_of_image<depthwise_ops> {
  static constexpr auto name = "DepthwiseConv2dNativeBackpropInput";
  static constexpr op_traits traits{.multilinear = true,
                                    .simplifies = true,
                                    .counts_flops = true,
                                    .has_scratch = true,
                                    .first_extent = window_words,
                                    .mismatch =
                                        "DepthwiseConv2dNativeBackpropInput: filter and out_backprop do not "
                                        "fit: %s vs %s"};

  static constexpr void scratch(scratch_request& call) {
    dims const &filter = call.shape(0), &dy = call.shape(1);
    attributes const told(call.attributes());
    i64 const width = told.result[2];
    call.add(call.type(0), dims{3, {width, filter[2], filter[3] == 1 ? 0 : filter[3]}});
    add_padded(call, {4, {1, dy[1], dy[2], dy[3]}}, padding_back(told.over(filter), width, dy[2]));
  }
  template <class Call>
  static void run(Call const& call) {
    constexpr dims filter = Call::in_shape(0), dy = Call::in_shape(1), image = Call::out_shape();
    using T = typename Call::out_type;
    if (call.count(image) == 0) return;
    kernel::convolve_depthwise_back<T, facts(Call::attributes(), image, filter)>(
        readable<T>(call.template in<0>(), call.count(filter), call.out()),
        readable<T>(call.template in<1>(), call.count(dy), call.out()), call.out(), extents(call, image, filter),
        call.template scratch<0>(), call.template scratch<1>());
  }
};
/// The gradient of depthwise_conv2d for the filter.
struct depthwise_conv2d_backprop_filter_op : convolution_of_filter<depthwise_ops> {
  static constexpr auto name = "DepthwiseConv2dNativeBackpropFilter";
  static constexpr op_traits traits{.multilinear = true,
                                    .simplifies = true,
                                    .counts_flops = true,
                                    .has_scratch = true,
                                    .first_extent = window_words,
                                    .mismatch =
                                        "DepthwiseConv2dNativeBackpropFilter: input and out_backprop do not "
                                        "fit: %s vs %s"};

  static constexpr void scratch(scratch_request& call) {
    add_spread(call, call.type(0), call.shape(0), attributes(call.attributes()).result);
  }
  template <class Call>
  static void run(Call const& call) {
    constexpr dims x = Call::in_shape(0), dy = Call::in_shape(1), filter = Call::out_shape();
    using T = typename Call::out_type;
    if (call.count(filter) == 0) return;
    kernel::convolve_depthwise_filter<T, facts(Call::attributes(), x, filter)>(
        readable<T>(call.template in<0>(), call.count(x), call.out()),
        readable<T>(call.template in<1>(), call.count(dy), call.out()), call.out(), extents(call, x, filter),
        call.scratch());
  }
};

namespace nn {
/// Each channel of an image with m filters of its own: image [n, h, w, c] and filter [kh, kw, c, m] make
/// [n, oh, ow, c · m], where channel c · m + q is channel c with its filter q. Otherwise as conv2d:
/// `nn::depthwise_conv2d(image, filter, strides<1, 1>, padding::SAME)`. float and double. TensorFlow:
/// DepthwiseConv2dNative.
template <name Name = "", expression X, expression W, i64... S, padding_kind Padding, i64... P, i64... D>
constexpr result_with<depthwise_conv2d_op, Name,
                      detail::convolution_words<strides_t<S...>, padding_t<Padding, P...>, dilations_t<D...>>, X, W>
depthwise_conv2d(X const& image, W const& filter, strides_t<S...>, padding_t<Padding, P...>, dilations_t<D...> = {}) {
  return apply<depthwise_conv2d_op, Name,
               detail::convolution_words<strides_t<S...>, padding_t<Padding, P...>, dilations_t<D...>>>(image, filter);
}
}  // namespace nn

TFX_END
