// SPDX-License-Identifier: Apache-2.0
#include <tfx/op/nn/conv2d_transpose.hpp>
#include "support/convolution.hpp"
#include "support/op_test.hpp"

namespace tf = tfx;
using namespace op_test;
using convolution_test::sizes;

namespace {
constexpr auto n = tf::dim<"n">;
constexpr auto h = tf::dim<"h">;

// Functions of an image [n, 5, 4, 2] or filter [3, 2, 2, 3]: every rule of a gradient, and those of what they make.
auto const weights = [] { return tf::reshape(tf::sin(tf::range<double, 0, 36>()), tf::shape<3, 2, 2, 3>); };
auto const picture = [] { return tf::reshape(tf::cos(tf::range<double, 0, 40>()), tf::shape<1, 5, 4, 2>); };
auto const of_image = [](auto const& x) {
  return tf::square(tf::nn::conv2d(x, weights(), tf::strides<2, 1>, tf::padding::SAME));
};
auto const of_filter = [](auto const& w) {
  return tf::square(tf::nn::conv2d(picture(), w, tf::strides<1, 2>, tf::padding::EXPLICIT<1, 0, 0, 1>));
};
auto const of_places = [](auto const& x) {
  return tf::square(tf::nn::conv2d_transpose(x, tf::reshape(weights(), tf::shape<3, 2, 3, 2>), tf::shape<-1, 9, 6, 3>,
                                             tf::strides<2, 2>, tf::padding::EXPLICIT<1, 1, 1, 2>));
};
auto const of_transposed_filter = [](auto const& w) {
  auto const x = tf::reshape(tf::cos(tf::range<double, 0, 24>()), tf::shape<2, 2, 2, 3>);
  return tf::square(tf::nn::conv2d_transpose(x, w, tf::shape<2, -1, -1, -1>, tf::strides<2, 1>, tf::padding::VALID));
};
}  // namespace

TEST_CASE("conv2d, conv2d_transpose: derivatives agree with finite differences, of static and of symbolic shapes") {
  std::vector<double> const at = spread(40, -1, 1);
  check_gradient(tf::shape<1, 5, 4, 2>, std::array<std::size_t, 4>{1, 5, 4, 2}, at, of_image, of_places);
  check_gradient(tf::shape<n, h, 4, 2>, std::array<std::size_t, 4>{2, 3, 4, 2}, spread(48, -1, 1), of_image);
  check_gradient(tf::shape<n, 5, 4, 2>, std::array<std::size_t, 4>{1, 5, 4, 2}, at, of_places);
  check_gradient(tf::shape<3, 2, 2, 3>, std::array<std::size_t, 4>{3, 2, 2, 3}, spread(36, -1, 1), of_filter,
                 of_transposed_filter);
}

TEST_CASE("conv2d_transpose: what its shape leaves open follows") {
  auto const x = tf::placeholder<"x", float>(tf::shape<n, h, 4, 3>);
  auto const w = tf::placeholder<"w", float>(tf::shape<3, 2, 5, 3>);
  constexpr auto open = tf::shape<-1, -1, -1, -1>;
  auto const same_size = tf::nn::conv2d_transpose(x, w, open, tf::strides<2, 3>, tf::padding::SAME);
  auto const valid = tf::nn::conv2d_transpose(x, w, tf::shape<n, -1, -1, 5>, tf::strides<2, 3>, tf::padding::VALID);
  static_assert(decltype(same_size)::shape_type::value.extent[2] == 12);
  static_assert(decltype(valid)::shape_type::value.extent[2] == 12);
  tf::Session sess;
  for (std::size_t height : {3u, 1u, 0u}) {
    std::vector<double> const xv = spread(2 * height * 12, -1, 1), wv = spread(90, -1, 1, 3);
    auto const [a, b] = sess.run(tf::fetch(same_size, valid), x = tensor<float, 4>({2, height, 4, 3}, xv),
                                 w = tensor<float, 4>({3, 2, 5, 3}, wv));
    auto const axis = [](tf::i64 size, tf::i64 stride, tf::padding_kind kind) {
      return tf::window_axis{size, stride, 1, kind};
    };
    auto const rows = tf::i64(height);
    sizes const s{2, 2 * rows, 12, 5, 3, axis(3, 2, tf::padding_kind::same), axis(2, 3, tf::padding_kind::same)};
    sizes const v{2, 2 * rows + 1, 12, 5, 3, axis(3, 2, tf::padding_kind::valid), axis(2, 3, tf::padding_kind::valid)};
    CHECK(same(a, s.back(wv, xv), 1e-5));
    CHECK(same(b, v.back(wv, xv), 1e-5));
    CHECK(b.shape()[1] == 2 * height + 1);
  }
}

TEST_CASE("conv2d, conv2d_transpose: extents that do not fit are refused when they are known") {
  auto const x = tf::placeholder<"x", float>(tf::shape<n, h, 4, tf::dyn>);
  auto const w = tf::placeholder<"w", float>(tf::shape<3, 2, 4, 5>);
  auto const y = tf::nn::conv2d(tf::concat(tf::axis<3>, x, x), w, tf::strides<1, 1>, tf::padding::VALID);
  auto const back = tf::nn::conv2d_transpose(y, w, tf::shape<n, 7, 4, -1>, tf::strides<1, 1>, tf::padding::VALID);
  auto const [dw] = tf::gradients(y, w);
  tf::Session sess;
  auto const ws = tensor<float, 4>({3, 2, 4, 5}, spread(120, -1, 1));
  auto const image = [](std::size_t height, std::size_t channels) {
    return tensor<float, 4>({1, height, 4, channels}, spread(height * 4 * channels, -1, 1));
  };
  CHECK(sess.run(y, x = image(2, 2), w = ws).size() == 0);
  CHECK(same(sess.run(dw, x = image(2, 2), w = ws), std::vector<double>(120, 0.0)));
  CHECK(refusal([&] { (void)sess.run(y, x = image(1, 2), w = ws); }) ==
        "Computed output size would be negative: -1 [input_size: 1, effective_filter_size: 3, stride: 1]");
  CHECK(refusal([&] {
          (void)sess.run(y, x = image(3, 3), w = ws);
        }).starts_with("input and filter must have the same depth: [1,3,4,6] vs [3,2,4,5]"));
  CHECK(refusal([&] {
          (void)sess.run(back, x = image(8, 2), w = ws);
        }).starts_with("Conv2DBackpropInput: filter and out_backprop do not fit: "));
  CHECK(sess.run(back, x = image(7, 2), w = ws).size() == 112);
}

TEST_CASE("conv2d: NaN and infinity reach the places whose window holds them, and no others") {
  auto const x = tf::placeholder<"x", float>(tf::shape<1, 5, 5, 1>);
  auto const y = tf::nn::conv2d(x, tf::ones(tf::shape<3, 3, 1, 2>), tf::strides<1, 1>, tf::padding::SAME);
  std::vector<double> values(25, 1.0);
  values[0] = not_a_number;
  values[24] = -infinity;
  tf::Session sess;
  auto const got = sess.run(y, x = tensor<float, 4>({1, 5, 5, 1}, values));
  for (std::size_t i = 0; i < 5; ++i)
    for (std::size_t k = 0; k < 5; ++k) {
      CAPTURE(i);
      CAPTURE(k);
      CHECK(std::isnan(got(0, i, k, 1)) == (i < 2 && k < 2));
      CHECK(std::isinf(got(0, i, k, 1)) == (i > 2 && k > 2));
    }
}
