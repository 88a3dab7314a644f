// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/kernel/depthwise.hpp>
#include <tfx/op/nn/convolution.hpp>

TFX_BEGIN

/// What the three ops share: the filter is [kh, kw, c, m], its places [n, oh, ow, c · m].
struct depthwise_op : convolution_op {
  static constexpr double flops_of(dims const& places, dims const& filter) {
    return 2.0 * static_cast<double>(places.count()) * static_cast<double>(filter[0] * filter[1]);
  }
  static constexpr kernel::convolution facts(attribute_words words, dims const& image, dims const& filter) {
    window const along = attributes(words).over(filter);
    return {known(image[1]), known(image[2]), known(image[3], filter[2]), known(filter[3]), along[0], along[1]};
  }
  /// The channels of the places.
  static constexpr i64 all_channels(inference& call, dims const& filter) {
    return call.derived(extent_rule::multiply, filter[2], filter[3]);
  }
  /// Scratch for an image that has the channels of the places, and zeros around it.
  static constexpr void add_spread(scratch_request& call, dtype type, dims const& x, dims const& filter) {
    window_axis const along = attributes(call.attributes()).over(filter)[1];
    i64 padding = x[2] >= 0 ? kernel::padding_of(along, x[2]).total() : kernel::most_padding(along);
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
struct depthwise_conv2d_op : depthwise_op {
  static constexpr auto name = "DepthwiseConv2dNative";
  static constexpr op_traits traits{.multilinear = true,
                                    .counts_flops = true,
                                    .has_scratch = true,
                                    .mismatch = "input and filter must have the same depth: %s vs %s"};

  static constexpr void infer(inference& call) {
    if (!accepts(call)) return;
    dims const &x = call.shapes[0], &filter = call.shapes[1];
    if (!accepts_filter(call, filter)) return;
    agree_channels(call, x[3], filter[2], x, filter);
    window const along = attributes(call.attributes()).over(filter);
    dims const out{
        4, {x[0], places(call, along, 0, x, filter), places(call, along, 1, x, filter), all_channels(call, filter)}};
    if (!call.failed()) call.shape = out;
  }
  static constexpr void gradient(auto& call);
  static constexpr double flops(dims const* shapes, dims const& result, attribute_words) {
    return flops_of(result, shapes[1]);
  }
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

/// Inputs: the filter, dy. Words: the window, the extents of the image.
struct depthwise_conv2d_backprop_input_op : depthwise_op {
  static constexpr auto name = "DepthwiseConv2dNativeBackpropInput";
  static constexpr op_traits traits{.multilinear = true,
                                    .simplifies = true,
                                    .counts_flops = true,
                                    .has_scratch = true,
                                    .first_extent = window_words,
                                    .mismatch =
                                        "DepthwiseConv2dNativeBackpropInput: filter and out_backprop do not "
                                        "fit: %s vs %s"};

  static constexpr void infer(inference& call) {
    if (!accepts(call)) return;
    dims const &filter = call.shapes[0], &dy = call.shapes[1];
    attributes const told(call.attributes());
    dims out = told.result;
    if (out.rank != 4) return call.refuse(refusal_kind::rank, dy, out);
    if (!accepts_filter(call, filter)) return;
    for (int i = 0; i < 4; ++i) out[i] = call.spelled(out[i]);
    out[3] = agree_channels(call, out[3], filter[2], out, filter);
    agree_channels(call, dy[3], all_channels(call, filter), dy, filter);
    out[0] = call.agree(out[0], dy[0], out, dy);
    window const along = told.over(filter);
    for (int i = 0; i < 2; ++i) call.agree(places(call, along, i, out, filter), dy[i + 1], out, dy);
    if (!call.failed()) call.shape = out;
  }
  static constexpr void gradient(auto& call);
  static constexpr void simplify(simplification& call) { spell_result(call); }
  static constexpr double flops(dims const* shapes, dims const&, attribute_words) {
    return flops_of(shapes[1], shapes[0]);
  }
  static constexpr void scratch(scratch_request& call) {
    dims const &filter = call.shape(0), &dy = call.shape(1);
    attributes const told(call.attributes());
    window_axis const along = told.over(filter)[1];
    i64 const width = told.result[2];
    call.add(call.type(0), dims{3, {width, filter[2], filter[3] == 1 ? 0 : filter[3]}});
    add_padded(
        call, call.type(0), 1, dy[1], dy[2], dy[3],
        width >= 0 && dy[2] >= 0 ? kernel::padding_back(along, width).total() : kernel::most_padding_back(along));
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

/// Inputs: the image, dy. Words: the window, the extents of the filter.
struct depthwise_conv2d_backprop_filter_op : depthwise_op {
  static constexpr auto name = "DepthwiseConv2dNativeBackpropFilter";
  static constexpr op_traits traits{.multilinear = true,
                                    .simplifies = true,
                                    .counts_flops = true,
                                    .has_scratch = true,
                                    .first_extent = window_words,
                                    .mismatch =
                                        "DepthwiseConv2dNativeBackpropFilter: input and out_backprop do not "
                                        "fit: %s vs %s"};

  static constexpr void infer(inference& call) {
    if (!accepts(call)) return;
    dims const &x = call.shapes[0], &dy = call.shapes[1];
    attributes const told(call.attributes());
    dims filter = told.result;
    if (filter.rank != 4) return call.refuse(refusal_kind::rank, x, filter);
    for (int i = 0; i < 4; ++i) filter[i] = call.spelled(filter[i]);
    if (!accepts_filter(call, filter)) return;
    filter[2] = agree_channels(call, filter[2], x[3], x, filter);
    agree_channels(call, dy[3], all_channels(call, filter), dy, filter);
    call.agree(x[0], dy[0], x, dy);
    window const along = told.over(filter);
    for (int i = 0; i < 2; ++i) call.agree(places(call, along, i, x, filter), dy[i + 1], x, dy);
    if (!call.failed()) call.shape = filter;
  }
  static constexpr void gradient(auto& call);
  static constexpr void simplify(simplification& call) { spell_result(call); }
  static constexpr double flops(dims const* shapes, dims const& result, attribute_words) {
    return flops_of(shapes[1], result);
  }
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

constexpr void depthwise_conv2d_op::gradient(auto& call) {
  auto const x = call.x(0), filter = call.x(1), dy = call.dy;
  list const image = words_of(call.attributes(), x.shape());
  call.dx[0] = add_node<depthwise_conv2d_backprop_input_op>(image.at, image.count, filter, dy);
  list const weights = words_of(call.attributes(), filter.shape());
  call.dx[1] = add_node<depthwise_conv2d_backprop_filter_op>(weights.at, weights.count, x, dy);
}
constexpr void depthwise_conv2d_backprop_input_op::gradient(auto& call) {
  auto const filter = call.x(0), dy = call.x(1), g = call.dy;
  list const weights = words_of(call.attributes(), filter.shape());
  call.dx[0] = add_node<depthwise_conv2d_backprop_filter_op>(weights.at, weights.count, g, dy);
  list const along = words_of(call.attributes());
  call.dx[1] = add_node<depthwise_conv2d_op>(along.at, along.count, g, filter);
}
constexpr void depthwise_conv2d_backprop_filter_op::gradient(auto& call) {
  auto const x = call.x(0), dy = call.x(1), g = call.dy;
  list const image = words_of(call.attributes(), x.shape());
  call.dx[0] = add_node<depthwise_conv2d_backprop_input_op>(image.at, image.count, g, dy);
  list const along = words_of(call.attributes());
  call.dx[1] = add_node<depthwise_conv2d_op>(along.at, along.count, x, g);
}

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
