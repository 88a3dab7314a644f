// SPDX-License-Identifier: Apache-2.0
// covers: keras/layers/conv2d_transpose keras/layers/depthwise_conv2d keras/layers/separable_conv2d
#include <support/convolution.hpp>
#include <support/layer_test.hpp>
#include <tfx/keras/activations.hpp>
#include <tfx/keras/layers/conv2d_transpose.hpp>
#include <tfx/keras/layers/depthwise_conv2d.hpp>
#include <tfx/keras/layers/separable_conv2d.hpp>
#include <tfx/keras/model.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;
using convolution_test::sizes;
using layer_test::bias, layer_test::check_layer, layer_test::extents, layer_test::kernel, layer_test::numbers,
    layer_test::some;
using op_test::same;
using tfx::padding_kind;

namespace {
numbers plus(numbers y, auto const& b) {
  for (std::size_t i = 0; i < y.size(); ++i) y[i] += b(i % b.size());
  return y;
}
/// Each channel with its own filters, by the loops of a convolution of all: filters of other channels are 0.
numbers depthwise(sizes s, auto const& x, auto const& w) {
  tf::i64 const multiplier = s.f;
  s.f = s.c * multiplier;
  numbers all(s.filter(), 0.0);
  for (tf::i64 at = 0; at < s.y.size * s.x.size; ++at)
    for (tf::i64 c = 0; c < s.c; ++c)
      for (tf::i64 m = 0; m < multiplier; ++m)
        all[static_cast<std::size_t>((at * s.c + c) * s.f + c * multiplier + m)] =
            w.data()[(at * s.c + c) * multiplier + m];
  return s.convolve(op_test::flat(x), all);
}
template <class Y>
constexpr tf::dims shape_of_value = std::remove_cvref_t<Y>::shape_type::value;
}  // namespace

TEST_CASE("Conv2DTranspose: values, and gradients for input, kernel and bias") {
  auto const x = keras::Input<"x", double>(tf::shape<3, 2, 2>);
  auto const xs = some<double, 4>({2, 3, 2, 2}, 1);
  auto const w = some<double, 4>({3, 2, 3, 2}, 2);
  auto const b = some<double, 1>({3}, 3);
  auto const fed = std::tuple(x, kernel<"conv2d_transpose/kernel", double>(tf::shape<3, 2, 3, 2>),
                              bias<"conv2d_transpose/bias", double>(tf::shape<3>));
  {  // [2, 3, 2, 2] makes [2, 6, 2, 3]
    auto const y = layers::Conv2DTranspose<3, 3, 2>(keras::strides<2, 1>, keras::padding<"same">)(x);
    auto const value = check_layer(y, fed, std::tuple(xs, w, b));
    CHECK(extents(value) == numbers{2, 6, 2, 3});
    sizes const s{2, 6, 2, 3, 2, {3, 2, 1, padding_kind::same}, {2, 1, 1, padding_kind::same}};
    CHECK(same(value, plus(s.back(op_test::flat(w), op_test::flat(xs)), b), 1e-12));
  }
  {  // valid: (3 − 1) · 2 + 3 + 1, (2 − 1) · 3 + 2 + 2
    auto const y = layers::Conv2DTranspose<3, 3, 2>(keras::strides<2, 3>, keras::output_padding<1, 2>)(x);
    auto const value = check_layer(y, fed, std::tuple(xs, w, b));
    CHECK(extents(value) == numbers{2, 8, 7, 3});
    sizes const s{2, 8, 7, 3, 2, {3, 2, 1}, {2, 3, 1}};
    CHECK(same(value, plus(s.back(op_test::flat(w), op_test::flat(xs)), b), 1e-12));
  }
}

TEST_CASE("Conv2DTranspose: height and width that a run brings") {
  auto const x = keras::Input<"x", double>(tf::shape<tf::dim<"h">, tf::dim<"w">, 1>);
  auto const y = layers::Conv2DTranspose<2, 3, "up">(keras::strides<2>, keras::use_bias<false>)(x);
  auto const xs = some<double, 4>({1, 2, 3, 1}, 1);
  auto const w = some<double, 4>({3, 3, 2, 1}, 2);
  auto const value =
      check_layer(y, std::tuple(x, kernel<"up/kernel", double>(tf::shape<3, 3, 2, 1>)), std::tuple(xs, w));
  CHECK(extents(value) == numbers{1, 5, 7, 2});
  sizes const s{1, 5, 7, 2, 1, {3, 2, 1}, {3, 2, 1}};
  CHECK(same(value, s.back(op_test::flat(w), op_test::flat(xs)), 1e-12));
}

TEST_CASE("DepthwiseConv2D: values and gradients") {
  auto const x = keras::Input<"x", double>(tf::shape<5, 4, 2>);
  auto const xs = some<double, 4>({2, 5, 4, 2}, 1);
  auto const w = some<double, 4>({3, 2, 2, 2}, 2);
  auto const b = some<double, 1>({4}, 3);
  auto const fed = std::tuple(x, kernel<"depthwise_conv2d/depthwise_kernel", double>(tf::shape<3, 2, 2, 2>),
                              bias<"depthwise_conv2d/bias", double>(tf::shape<4>));
  auto const y =
      layers::DepthwiseConv2D<3, 2>(keras::strides<2>, keras::padding<"same">, keras::depth_multiplier<2>)(x);
  auto const value = check_layer(y, fed, std::tuple(xs, w, b));
  CHECK(extents(value) == numbers{2, 3, 2, 4});
  sizes const s{2, 5, 4, 2, 2, {3, 2, 1, padding_kind::same}, {2, 2, 1, padding_kind::same}};
  CHECK(same(value, plus(depthwise(s, xs, w), b), 1e-12));
}

TEST_CASE("SeparableConv2D: values and gradients") {
  auto const x = keras::Input<"x", double>(tf::shape<5, 4, 2>);
  auto const xs = some<double, 4>({1, 5, 4, 2}, 1);
  auto const w = some<double, 4>({3, 3, 2, 2}, 2);
  auto const v = some<double, 4>({1, 1, 4, 3}, 4);
  auto const b = some<double, 1>({3}, 3);
  auto const fed =
      std::tuple(x, kernel<"two/depthwise_kernel", double>(tf::shape<3, 3, 2, 2>),
                 kernel<"two/pointwise_kernel", double>(tf::shape<1, 1, 4, 3>), bias<"two/bias", double>(tf::shape<3>));
  auto const y = layers::SeparableConv2D<3, 3, "two">(keras::depth_multiplier<2>, keras::activation<"tanh">)(x);
  auto const value = check_layer(y, fed, std::tuple(xs, w, v, b));
  CHECK(extents(value) == numbers{1, 3, 2, 3});
  numbers const inner = depthwise({1, 5, 4, 2, 2, {3, 1, 1}, {3, 1, 1}}, xs, w);
  numbers expected = plus(sizes{1, 3, 2, 4, 3, {1, 1, 1}, {1, 1, 1}}.convolve(inner, op_test::flat(v)), b);
  for (double& number : expected) number = std::tanh(number);
  CHECK(same(value, expected, 1e-12));
}

TEST_CASE("transposed, depthwise and separable convolutions: shapes") {
  constexpr auto x = keras::Input(tf::shape<9, 8, 3>);
  constexpr tf::i64 batch = keras::batch.extent;
  static_assert(shape_of_value<decltype(layers::Conv2DTranspose<4, 3>()(x))> == tf::dims{4, {batch, 11, 10, 4}});
  static_assert(shape_of_value<decltype(layers::Conv2DTranspose<4, 2>(keras::strides<3>)(x))> ==
                tf::dims{4, {batch, 27, 24, 4}});
  static_assert(shape_of_value<decltype(layers::Conv2DTranspose<4, 3>(keras::strides<2>, keras::padding<"same">,
                                                                      keras::output_padding<1, 0>)(x))> ==
                tf::dims{4, {batch, 18, 15, 4}});
  static_assert(shape_of_value<decltype(layers::Conv2DTranspose<4, 3>(keras::dilation_rate<2>)(x))> ==
                tf::dims{4, {batch, 13, 12, 4}});
  static_assert(shape_of_value<decltype(layers::DepthwiseConv2D<3>(keras::depth_multiplier<2>)(x))> ==
                tf::dims{4, {batch, 7, 6, 6}});
  static_assert(shape_of_value<decltype(layers::SeparableConv2D<4, 3>(keras::dilation_rate<2>)(x))> ==
                tf::dims{4, {batch, 5, 4, 4}});
}

TEST_CASE("transposed, depthwise and separable convolutions in a model") {
  auto const model =
      keras::Sequential(keras::Input(tf::shape<6, 6, 2>),
                        layers::SeparableConv2D<4, 3>(keras::depthwise_initializer = tf::constant_initializer(0.5),
                                                      keras::pointwise_initializer = tf::constant_initializer(0.25)),
                        layers::DepthwiseConv2D<3>(keras::depth_multiplier<2>,
                                                   keras::depthwise_initializer = tf::constant_initializer(1.0)),
                        layers::Conv2DTranspose<3, 2>(keras::strides<2>, keras::use_bias<false>));
  static_assert(decltype(model)::parameter_count == (18 + 8 + 4) + (72 + 8) + 4 * 3 * 8);
  auto const [depthwise, pointwise, b0, w1, b1, w2] = model.get_weights();
  CHECK(extents(depthwise) == numbers{3, 3, 2, 1});
  CHECK(extents(pointwise) == numbers{1, 1, 2, 4});
  CHECK(extents(b0) == numbers{4});
  CHECK(extents(w1) == numbers{3, 3, 4, 2});
  CHECK(extents(b1) == numbers{8});
  CHECK(extents(w2) == numbers{2, 2, 3, 8});
  CHECK(same(depthwise, numbers(18, 0.5)));
  CHECK(same(pointwise, numbers(8, 0.25)));
  CHECK(same(w1, numbers(72, 1.0)));
  std::string const text = model.summary();
  for (char const* word : {"separable_conv2d ", "depthwise_conv2d ", "conv2d_transpose ", "(None, 4, 4, 3)"})
    CHECK(text.find(word) != std::string::npos);
}
