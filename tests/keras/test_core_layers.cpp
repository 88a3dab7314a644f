// SPDX-License-Identifier: Apache-2.0
#include <support/slopes.hpp>
#include <tfx/keras/layers/activation.hpp>
#include <tfx/keras/layers/activity_regularization.hpp>
#include <tfx/keras/layers/dense.hpp>
#include <tfx/keras/layers/embedding.hpp>
#include <tfx/keras/layers/flatten.hpp>
#include <tfx/keras/layers/lambda.hpp>
#include <tfx/keras/layers/permute.hpp>
#include <tfx/keras/layers/repeat_vector.hpp>
#include <tfx/keras/layers/reshape.hpp>
#include <tfx/keras/model.hpp>
#include <tfx/keras/regularizers.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;
using op_test::check_gradient;
using op_test::check_slopes;
using op_test::in_use;
using op_test::layer_name;
using op_test::refusal;
using op_test::same;
using op_test::spread;
using op_test::tensor;

namespace {
constexpr auto batch = tf::dim<"batch">;
constexpr auto length = tf::dim<"time">;

template <class Y, class Shape>
constexpr bool has_shape(Y const&, Shape) {
  return std::is_same_v<typename Y::shape_type, Shape>;
}
}  // namespace

TEST_CASE("core layers: values and shapes of those that only move numbers") {
  auto const x = keras::Input<"x", double>(tf::shape<2, 3>);
  auto const v = keras::Input<"v", double>(tf::shape<2>);
  auto const open = keras::Input<"open", double>(tf::shape<length, 2>);
  auto const reshaped = layers::Reshape(tf::shape<3, -1>)(x);
  auto const permuted = layers::Permute<2, 1>()(x);
  auto const named = layers::Permute<"swap", 2, 1>()(x);
  auto const repeated = layers::RepeatVector<3>()(v);
  auto const flat = layers::Flatten()(x);
  auto const active = layers::Activation(keras::activation<"relu">)(x);
  auto const function = layers::Activation<"twice">([](auto each) { return each + each; })(x);
  auto const any = layers::Lambda([](auto each) { return tf::square(each); })(x);
  auto const swapped = layers::Permute<"turn", 2, 1>()(open);
  auto const rows = layers::Reshape<"halves">(tf::shape<-1, 1>)(open);
  static_assert(has_shape(reshaped, tf::shape<batch, 3, 2>) && has_shape(permuted, tf::shape<batch, 3, 2>));
  static_assert(has_shape(repeated, tf::shape<batch, 3, 2>) && has_shape(flat, tf::shape<batch, 6>));
  static_assert(has_shape(swapped, tf::shape<batch, 2, length>));
  CHECK(layer_name(permuted) == "permute");
  CHECK(layer_name(named) == "swap");
  CHECK(layer_name(repeated) == "repeat_vector");

  tf::Session sess;
  auto const given = tensor<double, 3>({2, 2, 3}, {1, -2, 3, -4, 5, -6, 7, 8, 9, 10, 11, 12});
  auto const [a, b, c, d, e, f, g, h, i, k] =
      sess.run(tf::fetch(reshaped, permuted, named, repeated, flat, active, function, any, swapped, rows), x = given,
               v = {{1, 2}, {3, 4}}, open = tensor<double, 3>({2, 1, 2}, {1, 2, 3, 4}));
  CHECK(same(a, {1, -2, 3, -4, 5, -6, 7, 8, 9, 10, 11, 12}));
  CHECK(same(b, {1, -4, -2, 5, 3, -6, 7, 10, 8, 11, 9, 12}));
  CHECK(same(c, {1, -4, -2, 5, 3, -6, 7, 10, 8, 11, 9, 12}));
  CHECK(same(d, {1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4}));
  CHECK(e.shape()[1] == 6);
  CHECK(same(f, {1, 0, 3, 0, 5, 0, 7, 8, 9, 10, 11, 12}));
  CHECK(same(g, {2, -4, 6, -8, 10, -12, 14, 16, 18, 20, 22, 24}));
  CHECK(same(h, {1, 4, 9, 16, 25, 36, 49, 64, 81, 100, 121, 144}));
  CHECK(same(i, {1, 2, 3, 4}));
  CHECK(k.shape()[1] == 2);
}

TEST_CASE("core layers: derivatives of those that only move numbers") {
  check_gradient(
      tf::shape<batch, 2, 3>, std::array<std::size_t, 3>{2, 2, 3}, spread(12, -1, 1),
      [](auto x) { return layers::Reshape(tf::shape<-1>)(x); }, [](auto x) { return layers::Permute<2, 1>()(x); },
      [](auto x) { return layers::RepeatVector<2>()(layers::Flatten()(x)); },
      [](auto x) { return layers::Activation(keras::activation<"tanh">)(x); });
}

TEST_CASE("dense: values, weights and derivatives, of matrices and of sequences") {
  auto const x = keras::Input<"x", double>(tf::shape<2>);
  auto const s = keras::Input<"s", double>(tf::shape<length, 2>);
  auto const dense = layers::Dense<3>(keras::activation<"tanh">);
  auto const y = dense(x);
  auto const steps = layers::Dense<3, "steps">()(s);
  auto const bare = layers::Dense<1, "bare">(keras::use_bias<false>)(x);
  static_assert(has_shape(y, tf::shape<batch, 3>) && has_shape(steps, tf::shape<batch, length, 3>));
  auto const kernel = tf::get_variable<"dense/kernel", double>(tf::shape<2, 3>);
  auto const bias = tf::get_variable<"dense/bias", double>(tf::shape<3>, tf::zeros_initializer());
  auto const step_kernel = tf::get_variable<"steps/kernel", double>(tf::shape<2, 3>);
  auto const step_bias = tf::get_variable<"steps/bias", double>(tf::shape<3>, tf::zeros_initializer());
  auto const bare_kernel = tf::get_variable<"bare/kernel", double>(tf::shape<2, 1>);

  tf::Session sess;
  auto const w = tensor<double, 2>({2, 3}, spread(6, -1, 1, 3));
  auto const b = tensor<double, 1>({3}, {0.5, -0.25, 0});
  auto const rows = tensor<double, 2>({2, 2}, spread(4, -1, 1));
  auto const sequence = tensor<double, 3>({2, 3, 2}, spread(12, -1, 1));
  auto const [got, over_time, alone] = sess.run(tf::fetch(y, steps, bare), x = rows, s = sequence, kernel = w, bias = b,
                                                step_kernel = w, step_bias = b, bare_kernel = {{2}, {-1}});
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(op_test::near(alone(i, 0), 2 * rows(i, 0) - rows(i, 1), 1e-12));
    for (std::size_t k = 0; k < 3; ++k) {
      CHECK(op_test::near(got(i, k), std::tanh(rows(i, 0) * w(0, k) + rows(i, 1) * w(1, k) + b(k)), 1e-12));
      for (std::size_t t = 0; t < 3; ++t)
        CHECK(
            op_test::near(over_time(i, t, k), sequence(i, t, 0) * w(0, k) + sequence(i, t, 1) * w(1, k) + b(k), 1e-12));
    }
  }
  check_slopes(sess, in_use, y, std::tuple(x, kernel, bias), rows, w, b);
  check_slopes(sess, in_use, steps, std::tuple(s, step_kernel, step_bias), sequence, w, b);

  auto const model =
      keras::Sequential(keras::Input(tf::shape<4>),
                        layers::Dense<2>(keras::bias_initializer = tf::constant_initializer(0.5),
                                         keras::kernel_initializer = tf::ones_initializer()),
                        layers::Dense<1>(keras::kernel_initializer = tf::ones_initializer(), tf::trainable<false>));
  static_assert(decltype(model)::parameter_count == 4 * 2 + 2 + 2 + 1 && decltype(model)::trainable_count == 4 * 2 + 2);
  CHECK(same(model.predict(xt::xtensor<float, 2>{{1, 2, 3, 4}}), {21}));
  auto const weights = model.get_weights();
  CHECK(same(std::get<1>(weights), {0.5, 0.5}));
}

TEST_CASE("embedding: rows of a weight, its derivative, ids out of range") {
  auto const ids = keras::Input<"ids", std::int32_t>(tf::shape<3>);
  auto const wide = keras::Input<"wide", std::int64_t>(tf::shape<length>);
  auto const y = layers::Embedding<4, 2, "words", double>()(ids);
  auto const z = layers::Embedding<4, 2, "wide_words">()(wide);
  static_assert(has_shape(y, tf::shape<batch, 3, 2>) && has_shape(z, tf::shape<batch, length, 2>));
  auto const table =
      tf::get_variable<"words/embeddings", double>(tf::shape<4, 2>, keras::initializers::RandomUniform());
  tf::Session sess;
  auto const rows = tensor<double, 2>({4, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
  xt::xtensor<int, 2> const at{{3, 0, 3}, {1, 1, 0}};
  CHECK(same(sess.run(y, ids = at, table = rows), {7, 8, 1, 2, 7, 8, 3, 4, 3, 4, 1, 2}));
  auto const [dy] = tf::gradients(tf::reduce_sum(tf::square(y)), table);
  CHECK(same(sess.run(dy, ids = at, table = rows), {4, 8, 12, 16, 0, 0, 28, 32}));
  CHECK(refusal([&] { sess.run(y, ids = {{0, 4, 0}}, table = rows); }).find("4") != std::string::npos);
  CHECK(refusal([&] { sess.run(y, ids = {{0, -1, 0}}, table = rows); }).find("-1") != std::string::npos);

  auto const model = keras::Sequential(keras::Input<"text", std::int64_t>(tf::shape<3>), layers::Embedding<50, 20>());
  static_assert(decltype(model)::parameter_count == 1000);
  auto const [begun] = model.get_weights();
  double least = 1, most = -1;
  for (float const v : begun) least = std::min(least, double(v)), most = std::max(most, double(v));
  CHECK(least >= -0.05);
  CHECK(most <= 0.05);
  CHECK(most - least > 0.09);
}

TEST_CASE("activity regularization: a penalty on what goes through, over the rows of the batch") {
  auto const x = keras::Input<"x", double>(tf::shape<2>);
  auto const y = layers::ActivityRegularization(0.5, 0.25)(x);
  auto const z = layers::ActivityRegularization<"second">(1.0)(y);
  auto const dense =
      layers::Dense<1, "one">(keras::activity_regularizer = keras::regularizers::l2(2.0), keras::use_bias<false>)(x);
  tf::Session sess;
  auto const kernel = tf::get_variable<"one/kernel", double>(tf::shape<2, 1>);
  auto const [value, first, both, of_dense] =
      sess.run(tf::fetch(z, tf::losses::regularization_loss(y), tf::losses::regularization_loss(z),
                         tf::losses::regularization_loss(dense)),
               x = {{1, -2}, {3, 4}}, kernel = {{1}, {1}});
  CHECK(same(value, {1, -2, 3, 4}));
  CHECK(first == doctest::Approx((0.5 * 10 + 0.25 * 30) / 2));
  CHECK(both == doctest::Approx((0.5 * 10 + 0.25 * 30) / 2 + 10.0 / 2));
  CHECK(of_dense == doctest::Approx(2.0 * (1 + 49) / 2));
  auto const [slope] = tf::gradients(tf::losses::regularization_loss(y), x);
  CHECK(
      same(sess.run(slope, x = {{1, -2}, {3, 4}}), {(0.5 + 0.5) / 2, (-0.5 - 1) / 2, (0.5 + 1.5) / 2, (0.5 + 2) / 2}));
}
