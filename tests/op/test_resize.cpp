// SPDX-License-Identifier: Apache-2.0
// covers: resize resize_nearest_neighbor resize_bilinear
#include <tfx/op/image/resize_bilinear.hpp>
#include <tfx/op/image/resize_nearest_neighbor.hpp>
#include "support/op_test.hpp"

namespace tf = tfx;
using namespace op_test;

namespace {
constexpr auto n = tf::dim<"n">;
constexpr auto h = tf::dim<"h">;
constexpr auto w = tf::dim<"w">;
using numbers = std::vector<double>;
using sizes = std::array<std::size_t, 4>;

// How TensorFlow places pixels if it is not told otherwise, and with align_corners.
double place(std::size_t i, std::size_t in, std::size_t out, bool align) {
  return double(i) * (align && out > 1 ? double(in - 1) / double(out - 1) : double(in) / double(out));
}
/// at(y, x, channel) for each number of images [n, out[1], out[2], c] made of `in`.
template <class At>
numbers resized(sizes const& in, sizes const& out, At at) {
  numbers result;
  for (std::size_t i = 0; i < in[0]; ++i)
    for (std::size_t y = 0; y < out[1]; ++y)
      for (std::size_t x = 0; x < out[2]; ++x)
        for (std::size_t c = 0; c < in[3]; ++c) result.push_back(at(i, y, x, c));
  return result;
}
numbers nearest(numbers const& v, sizes const& in, sizes const& out, bool align) {
  auto const pixel = [&](std::size_t i, std::size_t from, std::size_t to) {
    double const at = place(i, from, to, align) + 1e-7;
    return std::min(std::size_t(align ? std::round(at) : std::floor(at)), from - 1);
  };
  return resized(in, out, [&](std::size_t i, std::size_t y, std::size_t x, std::size_t c) {
    return v[((i * in[1] + pixel(y, in[1], out[1])) * in[2] + pixel(x, in[2], out[2])) * in[3] + c];
  });
}
numbers bilinear(numbers const& v, sizes const& in, sizes const& out, bool align) {
  return resized(in, out, [&](std::size_t i, std::size_t y, std::size_t x, std::size_t c) {
    double const down = place(y, in[1], out[1], align), across = place(x, in[2], out[2], align);
    double sum = 0;
    for (std::size_t a = 0; a < 2; ++a)
      for (std::size_t b = 0; b < 2; ++b) {
        std::size_t const row = std::min(std::size_t(down) + a, in[1] - 1),
                          column = std::min(std::size_t(across) + b, in[2] - 1);
        double const fy = down - std::floor(down), fx = across - std::floor(across);
        sum += v[((i * in[1] + row) * in[2] + column) * in[3] + c] * (a ? fy : 1 - fy) * (b ? fx : 1 - fx);
      }
    return sum;
  });
}
}  // namespace

TEST_CASE("resize: against plain loops, larger and smaller, of one to 33 channels") {
  auto const x = tf::placeholder<"x", float>(tf::shape<n, h, w, tf::dyn>);
  auto const size = tf::shape<7, 300>;
  auto const all = tf::fetch(tf::image::resize_nearest_neighbor(x, size), tf::image::resize_bilinear(x, size),
                             tf::image::resize_nearest_neighbor(x, size, tf::image::align_corners),
                             tf::image::resize_bilinear(x, size, tf::image::align_corners),
                             tf::image::resize_nearest_neighbor(x, tf::factors<2, 3>),
                             tf::image::resize_bilinear(x, tf::factors<2, 3>));
  tf::Session sess;
  for (auto const& e : {sizes{2, 3, 5, 3}, {1, 9, 400, 1}, {1, 1, 1, 33}, {0, 4, 4, 2}, {2, 3, 4, 0}}) {
    CAPTURE(e[1]);
    numbers const v = spread(e[0] * e[1] * e[2] * e[3], -1, 1);
    auto const got = sess.run(all, x = tensor<float, 4>(e, v));
    sizes const fixed{e[0], 7, 300, e[3]}, larger{e[0], 2 * e[1], 3 * e[2], e[3]};
    CHECK(same(std::get<0>(got), nearest(v, e, fixed, false)));
    CHECK(same(std::get<1>(got), bilinear(v, e, fixed, false), 2e-4));  // float's places along 400 pixels
    CHECK(same(std::get<2>(got), nearest(v, e, fixed, true)));
    CHECK(same(std::get<3>(got), bilinear(v, e, fixed, true), 2e-4));
    CHECK(same(std::get<4>(got), nearest(v, e, larger, false)));
    CHECK(same(std::get<5>(got), bilinear(v, e, larger, false), 2e-4));
  }
  CHECK(refusal([&] { sess.run(tf::image::resize_bilinear(x, size), x = tensor<float, 4>({1, 0, 2, 1}, {})); }) ==
        "input image must be of non-zero size");
}

TEST_CASE("resize: what TensorFlow gives") {
  auto const x = tf::placeholder<"x", float>(tf::shape<1, 2, 2, 1>);
  tf::Session sess;
  auto const [legacy, aligned, same_size] =
      sess.run(tf::fetch(tf::image::resize_bilinear(x, tf::shape<3, 3>),
                         tf::image::resize_bilinear(x, tf::shape<3, 3>, tf::image::align_corners),
                         tf::image::resize_bilinear(x, tf::factors<1, 1>)),
               x = tensor<float, 4>({1, 2, 2, 1}, {1, 2, 3, 4}));
  // tensorflow/core/kernels/resize_bilinear_op_test.cc
  CHECK(same(legacy, {1, 5.0 / 3, 2, 7.0 / 3, 3, 10.0 / 3, 3, 11.0 / 3, 4}));
  CHECK(same(aligned, {1, 1.5, 2, 2, 2.5, 3, 3, 3.5, 4}));
  CHECK(same(same_size, {1, 2, 3, 4}));
  auto const line = tf::placeholder<"line", float>(tf::shape<1, 1, 4, 1>);
  auto const [half, more, near_pixels] =
      sess.run(tf::fetch(tf::image::resize_bilinear(line, tf::shape<1, 2>, tf::image::half_pixel_centers),
                         tf::image::resize_bilinear(line, tf::factors<1, 2>, tf::image::half_pixel_centers),
                         tf::image::resize_nearest_neighbor(line, tf::shape<2, 3>, tf::image::half_pixel_centers)),
               line = tensor<float, 4>({1, 1, 4, 1}, {1, 2, 3, 4}));
  CHECK(same(half, {1.5, 3.5}));
  CHECK(same(more, {1, 1.25, 1.75, 2.25, 2.75, 3.25, 3.75, 4}));
  CHECK(same(near_pixels, {1, 3, 4, 1, 3, 4}));
  auto const bytes = tf::placeholder<"bytes", std::uint8_t>(tf::shape<1, 1, 2, 1>);
  CHECK(same(sess.run(tf::image::resize_nearest_neighbor(bytes, tf::shape<2, 3>),
                      bytes = tensor<std::uint8_t, 4>({1, 1, 2, 1}, {7, 9})),
             {7, 7, 9, 7, 7, 9}));
}

TEST_CASE("resize: derivatives") {
  auto const derived = [](auto shape) {
    check_gradient(
        shape, std::array<std::size_t, 4>{1, 2, 3, 2}, spread(12, -1, 1),
        [](auto const& x) { return tf::image::resize_nearest_neighbor(x * x, tf::shape<3, 4>); },
        [](auto const& x) { return tf::image::resize_bilinear(tf::sin(x), tf::factors<2, 3>); },
        [](auto const& x) {
          return tf::image::resize_bilinear(tf::square(x), tf::shape<3, 2>, tf::image::align_corners) +
                 tf::image::resize_bilinear(x * x, tf::shape<3, 2>, tf::image::half_pixel_centers);
        },
        tf::build([](auto x) {
          auto const smaller =
              tf::image::resize_nearest_neighbor(tf::exp(x), tf::shape<3, 2>, tf::image::align_corners);
          return tf::image::resize_bilinear(smaller, tf::factors<1, 2>);
        }));
  };
  derived(tf::shape<1, 2, 3, 2>);
  derived(tf::shape<n, h, w, tf::dyn>);
}
