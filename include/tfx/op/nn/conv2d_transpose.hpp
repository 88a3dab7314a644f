// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/nn/conv2d.hpp>

TFX_BEGIN

namespace detail {
template <class Shape, class Window>
struct transpose_words;
template <auto... E, i64... W>
struct transpose_words<shape_t<E...>, words<W...>> {
  static_assert(sizeof...(E) == 4, "tfx: conv2d_transpose: the result is an image [n, h, w, channels]");
  static_assert(note_symbols_of<shape_t<E...>>());
  using type = words<W..., extent_of<E>()...>;
};
}  // namespace detail

namespace nn {
/// The gradient of conv2d as an op of its own, often called a deconvolution: x [n, h, w, c] and filter [kh, kw, f, c]
/// make an image of `output_shape` [n, oh, ow, f], of which conv2d with that filter would make x's shape; each number
/// of x adds its multiple of the filter at its place. An extent of -1 follows from the rest: oh = h·s for
/// `padding::SAME`, h·s + max((kh − 1)·d + 1 − s, 0) less the padding otherwise.
/// `nn::conv2d_transpose(x, filter, shape<-1, 28, 28, 1>, strides<2, 2>, padding::SAME)`. float and double.
/// TensorFlow: Conv2DBackpropInput.
template <name Name = "", expression X, expression W, auto... E, i64... S, padding_kind Padding, i64... P, i64... D>
constexpr result_with<
    conv2d_backprop_input_op, Name,
    typename detail::transpose_words<
        shape_t<E...>, detail::convolution_words<strides_t<S...>, padding_t<Padding, P...>, dilations_t<D...>>>::type,
    W, X>
conv2d_transpose(X const& x, W const& filter, shape_t<E...>, strides_t<S...>, padding_t<Padding, P...>,
                 dilations_t<D...> = {}) {
  return apply<conv2d_backprop_input_op, Name,
               typename detail::transpose_words<
                   shape_t<E...>,
                   detail::convolution_words<strides_t<S...>, padding_t<Padding, P...>, dilations_t<D...>>>::type>(
      filter, x);
}
}  // namespace nn

TFX_END
