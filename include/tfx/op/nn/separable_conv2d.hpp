// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/nn/conv2d.hpp>
#include <tfx/op/nn/depthwise_conv2d.hpp>

TFX_BEGIN

namespace detail {
using pointwise_words = convolution_words<strides_t<1, 1>, padding_t<padding_kind::valid>, dilations_t<>>;
// What the depthwise convolution refuses is refused in its words.
template <name Name, class OfEach, class V>
struct pointwise {
  using type = OfEach;
};
template <name Name, class OfEach, class V>
  requires requires { sizeof(OfEach); }
struct pointwise<Name, OfEach, V> {
  using type = result_with<conv2d_op, Name, pointwise_words, OfEach, V>;
};
}  // namespace detail

namespace nn {
/// Filters of each channel, then sums over the channels at each place: an image [n, h, w, c], a depthwise filter
/// [kh, kw, c, m] and a pointwise filter [1, 1, c · m, f] make [n, oh, ow, f]:
/// `nn::separable_conv2d(image, depthwise, pointwise, strides<1, 1>, padding::SAME)`, and `dilations<2, 2>`
/// (TensorFlow: rate) as the last argument. float and double. It is depthwise_conv2d, then conv2d.
template <name Name = "", expression X, expression W, expression V, i64... S, padding_kind Padding, i64... P, i64... D,
          class Words = detail::convolution_words<strides_t<S...>, padding_t<Padding, P...>, dilations_t<D...>>>
constexpr typename detail::pointwise<Name, result_with<depthwise_conv2d_op, "", Words, X, W>, V>::type separable_conv2d(
    X const& image, W const& depthwise_filter, V const& pointwise_filter, strides_t<S...>, padding_t<Padding, P...>,
    dilations_t<D...> = {}) {
  return apply<conv2d_op, Name, detail::pointwise_words>(apply<depthwise_conv2d_op, "", Words>(image, depthwise_filter),
                                                         pointwise_filter);
}
}  // namespace nn

TFX_END
