// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/nn/conv3d.hpp>

TFX_BEGIN

namespace detail {
template <class Shape, class Window>
struct volume_transpose_words;
template <auto... E, i64... W>
struct volume_transpose_words<shape_t<E...>, words<W...>> {
  static_assert(sizeof...(E) == 5, "tfx: conv3d_transpose: the result is a volume [n, d, h, w, channels]");
  static_assert(note_symbols_of<shape_t<E...>>());
  using type = words<W..., extent_of<E>()...>;
};
}  // namespace detail

namespace nn {
/// The gradient of conv3d as an op of its own: x [n, d, h, w, c] and filter [kd, kh, kw, f, c] make a volume of
/// `output_shape` [n, od, oh, ow, f], of which conv3d with that filter would make x's shape. Extents of -1 follow as
/// those of conv2d_transpose. `nn::conv3d_transpose(x, filter, shape<-1, 8, 28, 28, 1>, strides<2, 2, 2>,
/// padding::SAME)`. float and double. TensorFlow: Conv3DBackpropInputV2.
template <name Name = "", expression X, expression W, auto... E, i64... S, padding_kind Padding, i64... P, i64... D,
          class Words = typename detail::volume_transpose_words<
              shape_t<E...>,
              detail::volume_convolution_words<strides_t<S...>, padding_t<Padding, P...>, dilations_t<D...>>>::type>
constexpr result_with<conv3d_backprop_input_op, Name, Words, W, X> conv3d_transpose(X const& x, W const& filter,
                                                                                    shape_t<E...>, strides_t<S...>,
                                                                                    padding_t<Padding, P...>,
                                                                                    dilations_t<D...> = {}) {
  return apply<conv3d_backprop_input_op, Name, Words>(filter, x);
}
}  // namespace nn

TFX_END
