// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/image/resize.hpp>

TFX_BEGIN

/// dy where its pixels came from: the gradient of resize_nearest_neighbor. Gradient: the same pixels of dy.
struct resize_nearest_neighbor_gradient_op : resize_gradient_op {
  static constexpr auto name = "ResizeNearestNeighborGrad";
  static constexpr void gradient(auto& call);
  template <class Call>
  static void run(Call const& call) {
    using T = typename Call::out_type;
    constexpr dims x = Call::out_shape();
    auto const part = call.share(call.extent(x[0]));
    kernel::resize_nearest_gradient<kernel::pool_lanes<T, channels(x)>()>(
        call.template in<0>(), call.out(), extents(call, x, Call::in_shape(0)), attributes(Call::attributes()).places,
        part.begin, part.end);
  }
};

/// The nearest pixels of images. Gradient: each number of dy added where its pixel was read.
struct resize_nearest_neighbor_op : resize_op {
  static constexpr auto name = "ResizeNearestNeighbor";
  static constexpr void infer(inference& call) {
    any_value(call, call.types[0]);
    infer_size(call);
  }
  static constexpr void gradient(auto& call) { call.dx[0] = gradient_of<resize_nearest_neighbor_gradient_op>(call); }
  template <class Call>
  static void run(Call const& call) {
    kernel::resize_extents const e = extents(call, Call::in_shape(0), Call::out_shape());
    auto const part = call.share(e.images);
    kernel::resize_nearest(call.template in<0>(), call.out(), e, attributes(Call::attributes()).places, part.begin,
                           part.end);
  }
};
constexpr void resize_nearest_neighbor_gradient_op::gradient(auto& call) {
  call.dx[0] = forward_of<resize_nearest_neighbor_op>(call);
}

namespace image {
/// Images [n, h, w, c] of another height and width, each pixel the nearest one of the image:
/// `image::resize_nearest_neighbor(x, shape<28, 28>)`, or `factors<2, 2>` for so many times the old ones. Pixel i is
/// that at ⌊i · h / new h⌋; with `align_corners` as the last argument at i · (h − 1) / (new h − 1), rounded, with
/// `half_pixel_centers` at ⌊(i + ½) · h / new h⌋. Any dtype; an image of no pixels is refused. TensorFlow:
/// ResizeNearestNeighbor.
template <name Name = "", expression X, class Size, class... Places>
  requires tfx::detail::resizing_of<Size, Places...>
constexpr result_with<resize_nearest_neighbor_op, Name, typename tfx::detail::resize_words<Size, Places...>::type, X>
resize_nearest_neighbor(X const& images, Size, Places...) {
  return apply<resize_nearest_neighbor_op, Name, typename tfx::detail::resize_words<Size, Places...>::type>(images);
}
}  // namespace image

TFX_END
