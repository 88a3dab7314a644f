// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/nn/pool.hpp>

TFX_BEGIN

/// For each window of x the element of v, of x's shape, at the place of the window's first largest: the derivative of
/// max_pool along v. Gradient: dy at those places, none along x.
struct max_pool_take_op : pool_op {
  static constexpr auto name = "MaxPoolGradGrad";
  static constexpr op_traits traits{.counts_flops = true, .divisible = true};
  static constexpr double flops(dims const*, dims const& result, attribute_words w) {
    return count_flops(result, window(w));
  }
  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    if (!call.failed() && !call.defer()) infer_places(call, call.shapes[0], call.attributes());
  }
  static constexpr void gradient(auto& call);
  static constexpr void tangent(auto& call) {
    if (call.dx[1]) call.tangent = with_window<max_pool_take_op>(call, call.x(0), call.dx[1]);
  }
  template <class Call>
  static void run(Call const& call) {
    using T = typename Call::out_type;
    using window_type = kernel::pool_window<Call>;
    constexpr dims x = Call::in_shape(0);
    auto const e = kernel::extents_of<window_type>(call, x);
    auto const part = call.share(e.images * e.places[0]);
    kernel::take_largest<window_type, kernel::pool_lanes<T, channels(x)>()>(
        call.template in<0>(), call.template in<1>(), call.out(), e, part.begin, part.end);
  }
};

/// Zeros, but for each window of x its element of dy at the place of the first largest: the gradient of max_pool.
/// Inputs: x, dy. Gradient: what max_pool_take_op takes, none along x.
struct max_pool_gradient_op : pool_op {
  static constexpr auto name = "MaxPoolGrad";
  static constexpr op_traits traits{.counts_flops = true, .divisible = true};
  static constexpr double flops(dims const* inputs, dims const&, attribute_words w) {
    return count_flops(inputs[1], window(w));
  }
  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    if (!call.failed() && !call.defer()) call.shape = call.shapes[0];
  }
  static constexpr void gradient(auto& call) { call.dx[1] = with_window<max_pool_take_op>(call, call.x(0), call.dy); }
  static constexpr void tangent(auto& call) {
    if (call.dx[1]) call.tangent = with_window<max_pool_gradient_op>(call, call.x(0), call.dx[1]);
  }
  template <class Call>
  static void run(Call const& call) {
    using T = typename Call::out_type;
    using window_type = kernel::pool_window<Call>;
    constexpr dims x = Call::in_shape(0);
    auto const e = kernel::extents_of<window_type>(call, x);
    auto const part = call.share(e.images);
    kernel::max_pool_gradient<window_type, kernel::pool_lanes<T, channels(x)>()>(
        call.template in<0>(), call.template in<1>(), call.out(), e, part.begin, part.end);
  }
};
constexpr void max_pool_take_op::gradient(auto& call) {
  call.dx[1] = with_window<max_pool_gradient_op>(call, call.x(0), call.dy);
}

/// The largest of each window. Gradient: dy to the first of the largest, in row-major order.
struct max_pool_op : window_pool_op<kernel::largest_of_window> {
  static constexpr auto name = "MaxPool";
  static constexpr op_traits traits{.counts_flops = true, .has_type = true, .divisible = true};
  static constexpr std::string_view type(int rank) { return rank == 5 ? "MaxPool3D" : "MaxPool"; }
  static constexpr void infer(inference& call) {
    any_number(call, call.types[0]);
    call.type = call.types[0];
    if (!call.failed() && !call.defer()) infer_places(call, call.shapes[0], call.attributes());
  }
  static constexpr void gradient(auto& call) {
    call.dx[0] = with_window<max_pool_gradient_op>(call, call.x(0), call.dy);
  }
  static constexpr void tangent(auto& call) {
    call.tangent = with_window<max_pool_take_op>(call, call.x(0), call.dx[0]);
  }
};

namespace nn {
/// The largest number of each window of images [n, height, width, channels], channel by channel:
/// `nn::max_pool(x, ksize<2, 2>, strides<2, 2>, padding::SAME)` makes [n, 28, 28, 32] a [n, 14, 14, 32]. Padding never
/// wins, and NaN and −∞ are less than the lowest number, which stands where there is nothing else. Refused: a window
/// larger than the padded image, explicit padding as large as the window. Gradient: dy to the first of the largest of
/// each window.
template <name Name = "", expression X, i64... K, i64... S, padding_kind Kind, i64... P>
constexpr auto max_pool(X const& x, ksize_t<K...>, strides_t<S...>, padding_t<Kind, P...>)
    -> result_with<max_pool_op, Name,
                   typename detail::pool_words<ksize_t<K...>, strides_t<S...>, padding_t<Kind, P...>>::type, X> {
  static_assert(sizeof...(K) == 2, "max_pool: a window has a height and a width: ksize<2, 2>");
  return apply<max_pool_op, Name,
               typename detail::pool_words<ksize_t<K...>, strides_t<S...>, padding_t<Kind, P...>>::type>(x);
}
/// The same for volumes [n, depth, height, width, channels]: `nn::max_pool3d(x, ksize<2, 2, 2>, strides<2, 2, 2>, …)`.
template <name Name = "", expression X, i64... K, i64... S, padding_kind Kind, i64... P>
constexpr auto max_pool3d(X const& x, ksize_t<K...>, strides_t<S...>, padding_t<Kind, P...>)
    -> result_with<max_pool_op, Name,
                   typename detail::pool_words<ksize_t<K...>, strides_t<S...>, padding_t<Kind, P...>>::type, X> {
  static_assert(sizeof...(K) == 3, "max_pool3d: a window has a depth, a height and a width: ksize<2, 2, 2>");
  return apply<max_pool_op, Name,
               typename detail::pool_words<ksize_t<K...>, strides_t<S...>, padding_t<Kind, P...>>::type>(x);
}
}  // namespace nn

TFX_END
