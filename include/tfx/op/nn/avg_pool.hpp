// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/nn/pool.hpp>

TFX_BEGIN

/// Zeros, and to each element its part of dy from each window that it is in: the gradient of avg_pool. Words: the
/// window's, and the extents of the images, two more than it has axes. Gradient: avg_pool of dy.
struct avg_pool_gradient_op : pool_op {
  static constexpr auto name = "AvgPoolGrad";
  static constexpr op_traits traits{.multilinear = true, .counts_flops = true, .divisible = true, .first_extent = 1};
  static constexpr window window_of(attribute_words w) {
    return window(attribute_words{w.at, w.count - images(w).rank});
  }
  static constexpr double flops(dims const* inputs, dims const&, attribute_words w) {
    return count_flops(inputs[0], window_of(w));
  }
  static constexpr dims images(attribute_words w) {
    int const axes = (w.count - 3) / (window::words_of_axis + 1);
    return w.list(1 + axes * window::words_of_axis);
  }
  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    call.shape = images(call.attributes());
  }
  static constexpr void gradient(auto& call);
  template <class Call>
  static void run(Call const& call) {
    using T = typename Call::out_type;
    using window_type = kernel::pool_window<Call>;
    constexpr dims x = Call::out_shape();
    auto const e = kernel::extents_of<window_type>(call, x);
    auto const part = call.share(e.images);
    kernel::avg_pool_gradient<window_type, kernel::pool_lanes<T, channels(x)>()>(call.template in<0>(), call.out(), e,
                                                                                 part.begin, part.end);
  }
};

/// The mean of each window, of what the image has of it. Gradient: dy in equal parts.
struct avg_pool_op : window_pool_op<kernel::mean_of_window> {
  static constexpr auto name = "AvgPool";
  static constexpr op_traits traits{.multilinear = true, .counts_flops = true, .has_type = true, .divisible = true};
  static constexpr std::string_view type(int rank) { return rank == 5 ? "AvgPool3D" : "AvgPool"; }
  static constexpr void infer(inference& call) {
    only_floating(call, call.types[0]);
    call.type = call.types[0];
    if (!call.failed() && !call.defer()) infer_places(call, call.shapes[0], call.attributes());
  }
  static constexpr void gradient(auto& call) {
    attribute_words const from = call.attributes();
    dims const x = call.x(0).shape();
    i64 words[3 + window::most_axes * (window::words_of_axis + 1)] = {};
    for (int i = 0; i < from.count; ++i) words[i] = from[i];
    for (int i = 0; i < x.rank; ++i) words[from.count + i] = x[i];
    call.dx[0] = add_node<avg_pool_gradient_op>(words, from.count + x.rank, call.dy);
  }
};
constexpr void avg_pool_gradient_op::gradient(auto& call) {
  attribute_words from = call.attributes();
  from.count -= images(from).rank;
  i64 words[1 + window::most_axes * window::words_of_axis] = {};
  for (int i = 0; i < from.count; ++i) words[i] = from[i];
  call.dx[0] = add_node<avg_pool_op>(words, from.count, call.dy);
}

namespace nn {
/// The mean of each window of images [n, height, width, channels], channel by channel, without its padding:
/// `nn::avg_pool(x, ksize<2, 2>, strides<2, 2>, padding::SAME)` makes [n, 28, 28, 32] a [n, 14, 14, 32]. Floats only.
/// Refused: a window larger than the padded image, explicit padding as large as the window. Gradient: dy in equal parts
/// to the elements of each window.
template <name Name = "", expression X, i64... K, i64... S, padding_kind Kind, i64... P>
constexpr auto avg_pool(X const& x, ksize_t<K...>, strides_t<S...>, padding_t<Kind, P...>)
    -> result_with<avg_pool_op, Name,
                   typename detail::pool_words<ksize_t<K...>, strides_t<S...>, padding_t<Kind, P...>>::type, X> {
  static_assert(sizeof...(K) == 2, "avg_pool: a window has a height and a width: ksize<2, 2>");
  return apply<avg_pool_op, Name,
               typename detail::pool_words<ksize_t<K...>, strides_t<S...>, padding_t<Kind, P...>>::type>(x);
}
/// The same for volumes [n, depth, height, width, channels]: `nn::avg_pool3d(x, ksize<2, 2, 2>, strides<2, 2, 2>, …)`.
template <name Name = "", expression X, i64... K, i64... S, padding_kind Kind, i64... P>
constexpr auto avg_pool3d(X const& x, ksize_t<K...>, strides_t<S...>, padding_t<Kind, P...>)
    -> result_with<avg_pool_op, Name,
                   typename detail::pool_words<ksize_t<K...>, strides_t<S...>, padding_t<Kind, P...>>::type, X> {
  static_assert(sizeof...(K) == 3, "avg_pool3d: a window has a depth, a height and a width: ksize<2, 2, 2>");
  return apply<avg_pool_op, Name,
               typename detail::pool_words<ksize_t<K...>, strides_t<S...>, padding_t<Kind, P...>>::type>(x);
}
}  // namespace nn

TFX_END
