// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/expand_dims.hpp>
#include <tfx/op/array/squeeze.hpp>
#include <tfx/op/nn/conv2d.hpp>

TFX_BEGIN

namespace detail {
/// The words of a convolution of images of one row that is one of sequences.
template <class Strides, class Padding, class Dilations>
struct row_convolution_words {
  static_assert(!std::is_same_v<Strides, Strides>,
                "conv1d: one stride, one dilation, padding::EXPLICIT<before, after>");
};
template <i64 S, padding_kind Kind, i64... P, i64... D>
  requires(sizeof...(P) == (Kind == padding_kind::told ? 2 : 0) && sizeof...(D) <= 1)
struct row_convolution_words<strides_t<S>, padding_t<Kind, P...>, dilations_t<D...>> {
  static constexpr i64 dilation() {
    i64 const all[] = {D..., 1};
    return all[0];
  }
  template <i64... Q>
  static padding_t<Kind, 0, 0, Q...> of_row(padding_t<Kind, Q...>)
    requires(sizeof...(Q) > 0);
  static padding_t<Kind> of_row(padding_t<Kind>);
  using type =
      convolution_words<strides_t<1, S>, decltype(of_row(padding_t<Kind, P...>{})), dilations_t<1, dilation()>>;
};
template <class X, class W, class Words>
using row_convolution = result_with<conv2d_op, "", Words, result_with<expand_dims_op, "", words<1>, X>,
                                    result_with<expand_dims_op, "", words<0>, W>>;
}  // namespace detail

namespace nn {
/// Each filter at each place of a sequence, a cross-correlation: x [n, steps, c] and filter [k, c, f] make
/// [n, places, f], with out[n, i, f] = Σ x[n, i·s + t·d − before, c] · filter[t, c, f].
/// `nn::conv1d(x, filter, strides<2>, padding::SAME)`, and `dilations<2>` as the last argument. Places and padding are
/// those of conv2d; `padding::EXPLICIT<(k − 1)·d, 0>` is Keras' "causal": no place sees a later step. float and double;
/// k is a number. As in TensorFlow it is a Conv2D of images of one row.
template <name Name = "", expression X, expression W, i64... S, padding_kind Padding, i64... P, i64... D,
          class Words = typename detail::row_convolution_words<strides_t<S...>, padding_t<Padding, P...>,
                                                               dilations_t<D...>>::type>
constexpr result_with<squeeze_op, Name, words<1>, detail::row_convolution<X, W, Words>> conv1d(
    X const& x, W const& filter, strides_t<S...>, padding_t<Padding, P...>, dilations_t<D...> = {}) {
  return apply<squeeze_op, Name, words<1>>(
      apply<conv2d_op, "", Words>(apply<expand_dims_op, "", words<1>>(x), apply<expand_dims_op, "", words<0>>(filter)));
}
}  // namespace nn

TFX_END
