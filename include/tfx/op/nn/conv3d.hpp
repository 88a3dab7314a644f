// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/nn/tiled_convolution.hpp>

TFX_BEGIN

struct conv3d_ops : convolution_op<3> {
  using of_places = struct conv3d_op;
  using of_image = struct conv3d_backprop_input_op;
  using of_filter = struct conv3d_backprop_filter_op;
};

/// The sums of products of a volume [n, d, h, w, c] with a filter [kd, kh, kw, c, f] at each place of the filter's
/// window [n, od, oh, ow, f] (a cross-correlation). With dy of their shape, dvolume and dfilter are
/// conv3d_backprop_input and conv3d_backprop_filter.
struct conv3d_op : tiled_convolution_of_places<conv3d_ops> {
  static constexpr auto name = "Conv3D";
  static constexpr op_traits traits{.multilinear = true,
                                    .counts_flops = true,
                                    .has_scratch = true,
                                    .has_epilogue = true,
                                    .mismatch = "input and filter must have the same depth: %s vs %s"};
};
/// The gradient of conv3d for the volume, and conv3d_transpose.
struct conv3d_backprop_input_op : tiled_convolution_of_image<conv3d_ops> {
  static constexpr auto name = "Conv3DBackpropInputV2";
  static constexpr op_traits traits{.multilinear = true,
                                    .simplifies = true,
                                    .counts_flops = true,
                                    .has_scratch = true,
                                    .has_epilogue = true,
                                    .first_extent = window_words,
                                    .mismatch = "Conv3DBackpropInput: filter and out_backprop do not fit: %s vs %s"};
};
/// The gradient of conv3d for the filter.
struct conv3d_backprop_filter_op : tiled_convolution_of_filter<conv3d_ops> {
  static constexpr auto name = "Conv3DBackpropFilterV2";
  static constexpr op_traits traits{.multilinear = true,
                                    .simplifies = true,
                                    .counts_flops = true,
                                    .has_scratch = true,
                                    .has_epilogue = true,
                                    .first_extent = window_words,
                                    .mismatch = "Conv3DBackpropFilter: input and out_backprop do not fit: %s vs %s"};
};

namespace detail {
/// The words of a convolution of volumes, whose filter tells the size of the window.
template <class Strides, class Padding, class Dilations>
using volume_convolution_words = window_words<words, ksize_t<1, 1, 1>, Strides, Padding, Dilations>;
}  // namespace detail

namespace nn {
/// Each filter at each place of a volume, a cross-correlation: volume [n, d, h, w, c] and filter [kd, kh, kw, c, f]
/// make [n, od, oh, ow, f]. Strides, dilations and padding are those of conv2d, with the depth before them:
/// `nn::conv3d(volume, filter, strides<1, 1, 1>, padding::SAME)`, and `dilations<1, 2, 2>` as the last argument. float
/// and double; kd, kh and kw are numbers. TensorFlow: Conv3D.
template <name Name = "", expression X, expression W, i64... S, padding_kind Padding, i64... P, i64... D>
constexpr result_with<conv3d_op, Name,
                      detail::volume_convolution_words<strides_t<S...>, padding_t<Padding, P...>, dilations_t<D...>>, X,
                      W>
conv3d(X const& volume, W const& filter, strides_t<S...>, padding_t<Padding, P...>, dilations_t<D...> = {}) {
  return apply<conv3d_op, Name,
               detail::volume_convolution_words<strides_t<S...>, padding_t<Padding, P...>, dilations_t<D...>>>(volume,
                                                                                                               filter);
}
}  // namespace nn

TFX_END
