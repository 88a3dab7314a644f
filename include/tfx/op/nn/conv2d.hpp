// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/nn/tiled_convolution.hpp>

TFX_BEGIN

struct conv2d_ops : convolution_op<2> {
  using of_places = struct conv2d_op;
  using of_image = struct conv2d_backprop_input_op;
  using of_filter = struct conv2d_backprop_filter_op;
};

/// The sums of products of an image with a filter at each place of the filter's window (a cross-correlation). With
/// dy of their shape, dimage and dfilter are conv2d_backprop_input and conv2d_backprop_filter.
struct conv2d_op : tiled_convolution_of_places<conv2d_ops> {
  static constexpr auto name = "Conv2D";
  static constexpr op_traits traits{.multilinear = true,
                                    .counts_flops = true,
                                    .has_scratch = true,
                                    .has_epilogue = true,
                                    .mismatch = "input and filter must have the same depth: %s vs %s"};
};
/// The gradient of conv2d for the image, and conv2d_transpose.
struct conv2d_backprop_input_op : tiled_convolution_of_image<conv2d_ops> {
  static constexpr auto name = "Conv2DBackpropInput";
  static constexpr op_traits traits{.multilinear = true,
                                    .simplifies = true,
                                    .counts_flops = true,
                                    .has_scratch = true,
                                    .has_epilogue = true,
                                    .first_extent = window_words,
                                    .mismatch = "Conv2DBackpropInput: filter and out_backprop do not fit: %s vs %s"};
};
/// The gradient of conv2d for the filter.
struct conv2d_backprop_filter_op : tiled_convolution_of_filter<conv2d_ops> {
  static constexpr auto name = "Conv2DBackpropFilter";
  static constexpr op_traits traits{.multilinear = true,
                                    .simplifies = true,
                                    .counts_flops = true,
                                    .has_scratch = true,
                                    .has_epilogue = true,
                                    .first_extent = window_words,
                                    .mismatch = "Conv2DBackpropFilter: input and out_backprop do not fit: %s vs %s"};
};

namespace nn {
/// Each filter at each place of an image, a cross-correlation: image [n, h, w, c] and filter [kh, kw, c, f] make
/// [n, oh, ow, f], with out[n, y, x, f] = Σ image[n, y·s + ky·d − before, x·s + kx·d − before, c] · filter[ky, kx, c,
/// f]. `padding::SAME`: oh = ⌈h/s⌉; `VALID`: ⌈(h − (kh − 1)·d)/s⌉; `EXPLICIT<top, bottom, left, right>` counts h with
/// them. `nn::conv2d(image, filter, strides<1, 1>, padding::SAME)`, and `dilations<2, 2>` as the last argument. float
/// and double; kh and kw are numbers. TensorFlow: Conv2D.
template <name Name = "", expression X, expression W, i64... S, padding_kind Padding, i64... P, i64... D>
constexpr result_with<conv2d_op, Name,
                      detail::convolution_words<strides_t<S...>, padding_t<Padding, P...>, dilations_t<D...>>, X, W>
conv2d(X const& image, W const& filter, strides_t<S...>, padding_t<Padding, P...>, dilations_t<D...> = {}) {
  return apply<conv2d_op, Name,
               detail::convolution_words<strides_t<S...>, padding_t<Padding, P...>, dilations_t<D...>>>(image, filter);
}
}  // namespace nn

TFX_END
