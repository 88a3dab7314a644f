// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/expand_dims.hpp>
#include <tfx/op/nn/conv2d.hpp>

TFX_BEGIN

/// The sums of products of a sequence with a filter at each place of the filter's window: conv2d of images of one row.
/// Words: the window along the steps. Gradient: those of conv2d.
struct conv1d_op : convolution_of_places<convolution_op<1>> {
  static constexpr auto name = "Conv1D";
  static constexpr op_kind kind = op_kind::composed;
  static constexpr op_traits traits{.multilinear = true,
                                    .simplifies = true,
                                    .counts_flops = true,
                                    .mismatch = "input and filter must have the same depth: %s vs %s"};

  static constexpr void gradient(auto& call) {
    auto const x = call.x(0), filter = call.x(1), dy = expand_dims(call.dy, 1);
    auto const image = expand_dims(x, 1), weights = expand_dims(filter, 0);
    conv2d_ops::list const of_row = words_of_row(call.attributes());
    conv2d_ops::list const of_image = conv2d_ops::words_of({of_row.at, of_row.count}, image.shape());
    conv2d_ops::list const of_filter = conv2d_ops::words_of({of_row.at, of_row.count}, weights.shape());
    call.dx[0] = reshape(add_node<conv2d_backprop_input_op>(of_image.at, of_image.count, weights, dy), x.shape());
    call.dx[1] = reshape(add_node<conv2d_backprop_filter_op>(of_filter.at, of_filter.count, image, dy), filter.shape());
  }
  static constexpr void simplify(auto& call) {
    conv2d_ops::list const of_row = words_of_row(call.attributes());
    auto const row = add_node<conv2d_op>(of_row.at, of_row.count, expand_dims(call.x(0), 1), expand_dims(call.x(1), 0));
    call.result = reshape(row, call.self.shape).id;
  }

 private:
  /// The window of images of one row: padding, one row, then the axis as it is.
  static constexpr conv2d_ops::list words_of_row(attribute_words words) {
    conv2d_ops::list out;
    i64 const row[window::words_of_axis] = {1, 1, 1, 0, 0};
    out.at[0] = words[0];
    for (int i = 0; i < window::words_of_axis; ++i) {
      out.at[1 + i] = row[i];
      out.at[1 + window::words_of_axis + i] = words[1 + i];
    }
    return out;
  }
};

namespace detail {
/// The words of a convolution of sequences, whose filter tells the size of the window.
template <class Strides, class Padding, class Dilations>
using sequence_convolution_words = window_words<words, ksize_t<1>, Strides, Padding, Dilations>;
}  // namespace detail

namespace nn {
/// Each filter at each place of a sequence, a cross-correlation: x [n, steps, c] and filter [k, c, f] make
/// [n, places, f], with out[n, i, f] = Σ x[n, i·s + t·d − before, c] · filter[t, c, f].
/// `nn::conv1d(x, filter, strides<2>, padding::SAME)`, and `dilations<2>` as the last argument. Places and padding are
/// those of conv2d; `padding::EXPLICIT<(k − 1)·d, 0>` is Keras' "causal": no place sees a later step. float and double;
/// k is a number. As in TensorFlow it is a Conv2D of images of one row.
template <name Name = "", expression X, expression W, i64... S, padding_kind Padding, i64... P, i64... D>
constexpr result_with<conv1d_op, Name,
                      detail::sequence_convolution_words<strides_t<S...>, padding_t<Padding, P...>, dilations_t<D...>>,
                      X, W>
conv1d(X const& x, W const& filter, strides_t<S...>, padding_t<Padding, P...>, dilations_t<D...> = {}) {
  return apply<conv1d_op, Name,
               detail::sequence_convolution_words<strides_t<S...>, padding_t<Padding, P...>, dilations_t<D...>>>(
      x, filter);
}
}  // namespace nn

TFX_END
