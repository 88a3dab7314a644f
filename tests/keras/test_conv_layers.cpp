// SPDX-License-Identifier: Apache-2.0
// covers: keras/layers/conv keras/layers/conv_layer keras/layers/conv_arguments
#include <support/convolution.hpp>
#include <support/layer_test.hpp>
#include <tfx/keras/activations.hpp>
#include <tfx/keras/constraints.hpp>
#include <tfx/keras/layers/conv.hpp>
#include <tfx/keras/model.hpp>
#include <tfx/keras/regularizers.hpp>
#include <tfx/keras/trainer.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;
using convolution_test::sizes;
using layer_test::bias, layer_test::check_layer, layer_test::extents, layer_test::kernel, layer_test::numbers,
    layer_test::some;
using op_test::same;
using tfx::padding_kind;

namespace {
/// A convolution of images, a bias and max(0, …), as loops.
numbers convolved(sizes const& s, auto const& x, auto const& w, auto const& b, bool rectified) {
  numbers y = s.convolve(op_test::flat(x), op_test::flat(w));
  for (std::size_t i = 0; i < y.size(); ++i) {
    y[i] += b(i % b.size());
    if (rectified && y[i] < 0) y[i] = 0;
  }
  return y;
}
template <class Y>
constexpr tf::dims shape_of_value = std::remove_cvref_t<Y>::shape_type::value;
}  // namespace

TEST_CASE("Conv2D: values, and gradients for input, kernel and bias") {
  auto const x = keras::Input<"x", double>(tf::shape<5, 6, 2>);
  auto const xs = some<double, 4>({2, 5, 6, 2}, 1);
  auto const w = some<double, 4>({3, 2, 2, 3}, 2);
  auto const b = some<double, 1>({3}, 3);
  {
    auto const y = layers::Conv2D<3, 3, 2>(keras::strides<2, 1>, keras::padding<"same">)(x);
    auto const fed = std::tuple(x, kernel<"conv2d/kernel", double>(tf::shape<3, 2, 2, 3>),
                                bias<"conv2d/bias", double>(tf::shape<3>));
    auto const value = check_layer(y, fed, std::tuple(xs, w, b));
    CHECK(extents(value) == numbers{2, 3, 6, 3});
    sizes const s{2, 5, 6, 2, 3, {3, 2, 1, padding_kind::same}, {2, 1, 1, padding_kind::same}};
    CHECK(same(value, convolved(s, xs, w, b, false), 1e-12));
  }
  {
    auto const y = layers::Conv2D<3, 3, 2, "first">(keras::dilation_rate<1, 2>, keras::activation<"relu">)(x);
    auto const fed =
        std::tuple(x, kernel<"first/kernel", double>(tf::shape<3, 2, 2, 3>), bias<"first/bias", double>(tf::shape<3>));
    auto const value = check_layer(y, fed, std::tuple(xs, w, b));
    CHECK(extents(value) == numbers{2, 3, 4, 3});
    sizes const s{2, 5, 6, 2, 3, {3, 1, 1}, {2, 1, 2}};
    CHECK(same(value, convolved(s, xs, w, b, true), 1e-12));
  }
}

TEST_CASE("Conv2D: height and width that a run brings") {
  auto const x = keras::Input<"x", double>(tf::shape<tf::dim<"h">, tf::dim<"w">, 1>);
  auto const y = layers::Conv2D<2, 3>(keras::strides<2>, keras::padding<"same">)(x);
  auto const weights = some<double, 4>({3, 3, 1, 2}, 2);
  auto const fed =
      std::tuple(x, kernel<"conv2d/kernel", double>(tf::shape<3, 3, 1, 2>), bias<"conv2d/bias", double>(tf::shape<2>));
  for (std::size_t n : {4u, 7u}) {
    auto const xs = some<double, 4>({1, n, n + 1, 1}, 4);
    auto const b = some<double, 1>({2}, 3);
    auto const value = check_layer(y, fed, std::tuple(xs, weights, b));
    auto const rows = static_cast<tf::i64>(n);
    sizes const s{1, rows, rows + 1, 1, 2, {3, 2, 1, padding_kind::same}, {3, 2, 1, padding_kind::same}};
    CHECK(same(value, convolved(s, xs, weights, b, false), 1e-12));
  }
}

TEST_CASE("Conv1D: values and gradients; a causal value depends on no later step") {
  auto const x = keras::Input<"x", double>(tf::shape<7, 2>);
  auto const xs = some<double, 3>({2, 7, 2}, 1);
  auto const w = some<double, 3>({3, 2, 2}, 2);
  auto const b = some<double, 1>({2}, 3);
  auto const fed =
      std::tuple(x, kernel<"conv1d/kernel", double>(tf::shape<3, 2, 2>), bias<"conv1d/bias", double>(tf::shape<2>));
  auto const naive = [&](tf::i64 places, tf::i64 stride, tf::i64 before, tf::i64 dilation) {
    numbers y;
    for (tf::i64 i = 0; i < 2; ++i)
      for (tf::i64 o = 0; o < places; ++o)
        for (tf::i64 f = 0; f < 2; ++f) {
          double sum = b(f);
          for (tf::i64 t = 0; t < 3; ++t)
            for (tf::i64 c = 0; c < 2; ++c)
              if (tf::i64 const at = o * stride - before + t * dilation; at >= 0 && at < 7)
                sum += xs(i, at, c) * w(t, c, f);
          y.push_back(sum);
        }
    return y;
  };
  auto const same_y = layers::Conv1D<2, 3>(keras::strides<2>, keras::padding<"same">)(x);
  CHECK(same(check_layer(same_y, fed, std::tuple(xs, w, b)), naive(4, 2, 1, 1), 1e-12));
  auto const causal = layers::Conv1D<2, 3>(keras::padding<"causal">, keras::dilation_rate<2>)(x);
  CHECK(same(check_layer(causal, fed, std::tuple(xs, w, b)), naive(7, 1, 4, 2), 1e-12));
  auto const strided = layers::Conv1D<2, 3>(keras::padding<"causal">, keras::strides<3>)(x);
  auto const plain = layers::Conv1D<2, 3>()(x);
  tf::Session sess;
  auto const [values, unpadded] =
      sess.run(tf::fetch(strided, plain), x = xs, std::get<1>(fed) = w, std::get<2>(fed) = b);
  CHECK(same(values, naive(3, 3, 2, 1), 1e-12));
  CHECK(same(unpadded, naive(5, 1, 0, 1), 1e-12));

  auto const steps = keras::Input<"steps", double>(tf::shape<tf::dim<"time">, 2>);
  auto const any = layers::Conv1D<2, 3>(keras::padding<"causal">)(steps);
  CHECK(same(check_layer(any, std::tuple(steps, std::get<1>(fed), std::get<2>(fed)), std::tuple(xs, w, b)),
             naive(7, 1, 2, 1), 1e-12));
}

TEST_CASE("Conv3D: values and gradients") {
  auto const x = keras::Input<"x", double>(tf::shape<3, 4, 3, 2>);
  auto const y =
      layers::Conv3D<2, 2, 3, 1, "deep">(keras::padding<"same">, keras::strides<2, 1, 1>, keras::use_bias<false>)(x);
  auto const xs = some<double, 5>({1, 3, 4, 3, 2}, 1);
  auto const w = some<double, 5>({2, 3, 1, 2, 2}, 2);
  auto const value =
      check_layer(y, std::tuple(x, kernel<"deep/kernel", double>(tf::shape<2, 3, 1, 2, 2>)), std::tuple(xs, w));
  CHECK(extents(value) == numbers{1, 2, 4, 3, 2});
  numbers expected;
  for (tf::i64 d = 0; d < 2; ++d)
    for (tf::i64 i = 0; i < 4; ++i)
      for (tf::i64 j = 0; j < 3; ++j)
        for (tf::i64 f = 0; f < 2; ++f) {
          double sum = 0;
          for (tf::i64 a = 0; a < 2; ++a)
            for (tf::i64 k = 0; k < 3; ++k)
              for (tf::i64 c = 0; c < 2; ++c)
                if (2 * d + a < 3 && i + k >= 1 && i + k - 1 < 4)
                  sum += xs(0, 2 * d + a, i + k - 1, j, c) * w(a, k, 0, c, f);
          expected.push_back(sum);
        }
  CHECK(same(value, expected, 1e-12));
}

TEST_CASE("convolutions: shapes, as Keras has them") {
  constexpr auto image = keras::Input(tf::shape<9, 8, 3>);
  constexpr auto sequence = keras::Input(tf::shape<9, 3>);
  constexpr auto volume = keras::Input(tf::shape<9, 8, 7, 3>);
  constexpr tf::i64 batch = keras::batch.extent;
  static_assert(shape_of_value<decltype(layers::Conv2D<4, 3>()(image))> == tf::dims{4, {batch, 7, 6, 4}});
  static_assert(shape_of_value<decltype(layers::Conv2D<4, 3>(keras::strides<2>)(image))> ==
                tf::dims{4, {batch, 4, 3, 4}});
  static_assert(shape_of_value<decltype(layers::Conv2D<4, 3>(keras::strides<2>, keras::padding<"same">)(image))> ==
                tf::dims{4, {batch, 5, 4, 4}});
  static_assert(shape_of_value<decltype(layers::Conv2D<4, 3, 5>(keras::dilation_rate<2, 1>)(image))> ==
                tf::dims{4, {batch, 5, 4, 4}});
  static_assert(shape_of_value<decltype(layers::Conv1D<4, 3>(keras::dilation_rate<2>)(sequence))> ==
                tf::dims{3, {batch, 5, 4}});
  static_assert(shape_of_value<decltype(layers::Conv1D<4, 3>(keras::padding<"causal">)(sequence))> ==
                tf::dims{3, {batch, 9, 4}});
  static_assert(shape_of_value<decltype(layers::Conv3D<4, 3>(keras::strides<1, 2, 3>)(volume))> ==
                tf::dims{5, {batch, 7, 3, 2, 4}});
}

TEST_CASE("convolutions in a model: names, weights in order, what arguments say of them") {
  auto const model =
      keras::Sequential(keras::Input(tf::shape<8, 8, 1>), layers::Conv2D<4, 3>(keras::activation<"relu">),
                        layers::Conv2D<2, 3, 1>(keras::kernel_initializer = tf::constant_initializer(0.5),
                                                keras::bias_initializer = tf::constant_initializer(2.0)),
                        layers::Conv2D<2, 1, "last">(keras::use_bias<false>, keras::trainable<false>,
                                                     keras::data_format<"channels_last">));
  static_assert(decltype(model)::parameter_count == (9 * 4 + 4) + (3 * 4 * 2 + 2) + 4);
  static_assert(decltype(model)::trainable_count == (9 * 4 + 4) + (3 * 4 * 2 + 2));
  auto const [w0, b0, w1, b1, w2] = model.get_weights();
  CHECK(extents(w0) == numbers{3, 3, 1, 4});
  CHECK(extents(w1) == numbers{3, 1, 4, 2});
  CHECK(extents(w2) == numbers{1, 1, 2, 2});
  CHECK(same(b0, {0, 0, 0, 0}));
  CHECK(same(b1, {2, 2}));
  CHECK(same(w1, numbers(24, 0.5)));
  // glorot_uniform: within ±√(6 / (window · in + window · out)), and near it somewhere
  double const limit = std::sqrt(6.0 / (9 + 36));
  double largest = 0;
  for (double w : op_test::flat(w0)) largest = std::max(largest, std::abs(w));
  CHECK(largest <= limit);
  CHECK(largest > 0.7 * limit);
  std::string const text = model.summary();
  for (char const* word : {"conv2d (Conv2D)", "conv2d_1 (Conv2D)", "last (Conv2D)", "(None, 6, 6, 4)", "40", "26"})
    CHECK(text.find(word) != std::string::npos);
  auto const y = model.predict(some<float, 4>({3, 8, 8, 1}, 1));
  CHECK(extents(y) == numbers{3, 4, 6, 2});
  CHECK(op_test::refusal([&] { model.predict(some<float, 4>({3, 8, 7, 1}, 1)); }) != "");
}

TEST_CASE("convolutions: a regularizer and a constraint") {
  auto model = keras::Sequential(keras::Input(tf::shape<4, 4, 1>),
                                 layers::Conv2D<1, 4>(keras::kernel_initializer = tf::constant_initializer(-0.5),
                                                      keras::kernel_regularizer = keras::regularizers::l1(0.25),
                                                      keras::kernel_constraint = keras::constraint<"non_neg">,
                                                      keras::activity_regularizer = keras::regularizers::l2(1.0)));
  auto trainer = model.compile(tf::train::GradientDescentOptimizer(0.0f), keras::loss<"mse">);
  xt::xtensor<float, 4> const x = xt::zeros<float>({2, 4, 4, 1}), y = xt::zeros<float>({2, 1, 1, 1});
  auto const [loss] = trainer.evaluate(x, y, {.verbose = 0});
  CHECK(op_test::near(loss, 16 * 0.5 * 0.25, 1e-6));
  trainer.fit(x, y, {.verbose = 0});
  CHECK(same(std::get<0>(model.get_weights()), numbers(16, 0.0)));
}
