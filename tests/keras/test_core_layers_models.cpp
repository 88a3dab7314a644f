// SPDX-License-Identifier: Apache-2.0
#include <support/slopes.hpp>
#include <tfx/keras/activations.hpp>
#include <tfx/keras/layers/activity_regularization.hpp>
#include <tfx/keras/layers/batch_normalization.hpp>
#include <tfx/keras/layers/concatenate.hpp>
#include <tfx/keras/layers/dense.hpp>
#include <tfx/keras/layers/dropout.hpp>
#include <tfx/keras/layers/flatten.hpp>
#include <tfx/keras/layers/gaussian_noise.hpp>
#include <tfx/keras/layers/lambda.hpp>
#include <tfx/keras/layers/masking.hpp>
#include <tfx/keras/layers/subtract.hpp>
#include <tfx/keras/optimizers/sgd.hpp>
#include <tfx/keras/regularizers.hpp>
#include <tfx/keras/trainer.hpp>
#include <tfx/op/random/random_uniform.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;
using op_test::check_slopes;
using op_test::flat;
using op_test::in_use;
using op_test::same;
using op_test::spread;
using op_test::tensor;

namespace {
constexpr auto batch = tf::dim<"batch">;
constexpr auto length = tf::dim<"time">;
}  // namespace

TEST_CASE("model as a layer: one after another, in the summary one layer each") {
  auto const ones = keras::kernel_initializer = tf::ones_initializer();
  auto const encoder = keras::Sequential<"encoder">(keras::Input(tf::shape<4>), layers::Dense<3, "squeeze">(ones),
                                                    layers::Dense<2, "code">(ones));
  auto const decoder = keras::Sequential<"decoder">(keras::Input(tf::shape<2>), layers::Dense<4, "out">(ones));
  auto const x = keras::Input<"image">(tf::shape<4>);
  auto model = keras::Model<"both">(x, layers::Dense<1>(ones)(decoder(encoder(x))));
  static_assert(decltype(model)::parameter_count == 15 + 8 + 12 + 5);
  static_assert(std::tuple_size_v<decltype(model.get_weights())> == 8);
  CHECK(same(model.predict(xt::xtensor<float, 2>{{1, 2, 3, 4}, {1, 1, 1, 1}}), {240, 96}));
  auto const text = model.summary();
  CHECK(text.find("encoder (Model)") != std::string::npos);
  CHECK(text.find("decoder (Model)") != std::string::npos);
  CHECK(text.find("squeeze") == std::string::npos);
  CHECK(text.find("23") != std::string::npos);
  auto const nested = keras::Sequential<"all">(keras::Input<"image">(tf::shape<4>), encoder, decoder);
  CHECK(same(nested.predict(xt::xtensor<float, 2>{{1, 1, 1, 1}}), {24, 24, 24, 24}));

  auto trainer = model.compile(keras::optimizers::SGD(0.001), keras::loss<"mse">);
  auto const before = flat(std::get<0>(model.get_weights()));
  trainer.train_on_batch(xt::xtensor<float, 2>{{1, 2, 3, 4}}, xt::xtensor<float, 2>{{100}});
  CHECK_FALSE(same(std::get<0>(model.get_weights()), before));
  CHECK(same(std::get<0>(encoder.get_weights()), flat(std::get<0>(model.get_weights()))));
}

TEST_CASE("model as a layer: called twice, its weights are shared and its penalties counted once") {
  auto const base = keras::Sequential<"base">(
      keras::Input<"one", double>(tf::shape<2>),
      layers::Dense<2>(keras::activation<"tanh">, keras::kernel_regularizer = keras::regularizers::l2(0.5)),
      layers::Dense<1>());
  auto const left = keras::Input<"left", double>(tf::shape<2>);
  auto const right = keras::Input<"right", double>(tf::shape<2>);
  auto const difference = layers::subtract(base(left), base(2.0 * right + tf::constant(1.0)));
  auto const model = keras::Model(keras::inputs(left, right), difference);
  static_assert(decltype(model)::parameter_count == 4 + 2 + 2 + 1);
  auto const kernel = tf::get_variable<"dense/kernel", double>(tf::shape<2, 2>);
  auto const last = tf::get_variable<"dense_1/kernel", double>(tf::shape<2, 1>);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(difference));
  auto const a = tensor<double, 2>({3, 2}, spread(6, -1, 1)), b = tensor<double, 2>({3, 2}, spread(6, -1, 1, 5));
  auto const w = tensor<double, 2>({2, 2}, spread(4, -1, 1, 7)), v = tensor<double, 2>({2, 1}, {0.5, -2});
  auto const [got, penalty] = sess.run(tf::fetch(difference, tf::losses::regularization_loss(difference)), left = a,
                                       right = b, kernel = w, last = v);
  auto const output = [&](double x, double y) {
    return 0.5 * std::tanh(x * w(0, 0) + y * w(1, 0)) - 2 * std::tanh(x * w(0, 1) + y * w(1, 1));
  };
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(op_test::near(got(i, 0), output(a(i, 0), a(i, 1)) - output(2 * b(i, 0) + 1, 2 * b(i, 1) + 1), 1e-12));
  double squares = 0;
  for (double const each : w) squares += each * each;
  CHECK(op_test::near(penalty, 0.5 * squares, 1e-12));
  check_slopes(sess, in_use, difference, std::tuple(left, right, kernel, last), a, b, w, v);
}

TEST_CASE("model as a layer: what training changes, its noise, named extents, masks, several outputs") {
  auto const norm = keras::Sequential<"norm">(keras::Input<"row">(tf::shape<1>),
                                              layers::BatchNormalization<"bn">(keras::momentum = 0.5),
                                              layers::GaussianNoise(0.0), layers::Dropout(0.0));
  auto const x = keras::Input<"x">(tf::shape<1>);
  auto model = keras::Model(x, norm(x));
  auto trainer = model.compile(keras::optimizers::SGD(0.0), keras::loss<"mse">);
  trainer.train_on_batch(xt::xtensor<float, 2>{{2}, {4}}, xt::xtensor<float, 2>{{0}, {0}});
  auto const [gamma, beta, mean, variance] = model.get_weights();
  CHECK(same(mean, {1.5}));
  CHECK(same(variance, {1}));

  auto const noisy = keras::Sequential<"noisy">(keras::Input<"row", double>(tf::shape<16>), layers::GaussianNoise(1.0));
  auto const wide = keras::Input<"wide", double>(tf::shape<16>);
  auto const other = keras::Input<"other", double>(tf::shape<16>);
  tf::Session sess;
  xt::xtensor<double, 2> const zeros = xt::zeros<double>({1, 16});
  auto const [n, m] = sess.run(tf::fetch(keras::in_training(noisy(wide)), keras::in_training(noisy(other))),
                               wide = zeros, other = zeros);
  CHECK_FALSE(same(n, flat(m)));

  auto const steps = keras::Input<"steps">(tf::shape<length, 2>);
  auto const masked = layers::Masking()(steps);
  auto const over_time = keras::Model<"over_time">(
      steps, keras::outputs(layers::Dense<1, "score">(keras::kernel_initializer = tf::ones_initializer())(masked),
                            tf::reduce_sum(masked, tf::axis<1>)));
  auto const three = keras::Input<"three">(tf::shape<3, 2>);
  auto const both = over_time(three);
  auto const& scores = std::get<0>(both);
  auto const& sums = std::get<1>(both);
  static_assert(keras::has_mask<std::remove_cvref_t<decltype(scores)>>);
  static_assert(std::is_same_v<std::remove_cvref_t<decltype(scores)>::shape_type, tf::shape_t<batch, 3, 1>>);
  static_assert(std::is_same_v<std::remove_cvref_t<decltype(sums)>::shape_type, tf::shape_t<batch, 2>>);
  auto const outer = keras::Model(three, keras::outputs(scores, sums));
  static_assert(decltype(outer)::parameter_count == 3);
  auto const [s, t, which] = [&] {
    tf::Session own;
    own.run(tf::global_variables_initializer(scores));
    return own.run(tf::fetch(scores, sums, keras::mask_of(scores)),
                   three = tensor<float, 3>({1, 3, 2}, {1, 2, 0, 0, 3, 4}));
  }();
  CHECK(same(s, {3, 0, 7}));
  CHECK(same(t, {4, 6}));
  CHECK(same(which, {1, 0, 1}));
}

TEST_CASE("model as a layer: its loops are loops of each call") {
  auto const x = keras::Input<"sequence", double>(tf::shape<3>);
  auto const net = keras::Model<"net">(x, layers::Lambda([](auto v) {
                                         return tf::foldl([](auto h, auto s) { return tf::tanh(h * 0.5 + s); },
                                                          tf::transpose(v), tf::zeros<double>(tf::shape<batch>));
                                       })(x));
  auto const left = keras::Input<"left", double>(tf::shape<3>);
  auto const right = keras::Input<"right", double>(tf::shape<3>);
  auto const product = net(left) * net(right);
  tf::Session sess;
  auto const a = tensor<double, 2>({2, 3}, spread(6, -1, 1)), b = tensor<double, 2>({2, 3}, spread(6, -1, 1, 5));
  auto const got = sess.run(product, left = a, right = b);
  auto const folded = [](auto const& rows, std::size_t i) {
    double h = 0;
    for (std::size_t k = 0; k < 3; ++k) h = std::tanh(0.5 * h + rows(i, k));
    return h;
  };
  for (std::size_t i = 0; i < 2; ++i) CHECK(op_test::near(got(i), folded(a, i) * folded(b, i), 1e-12));
  check_slopes(sess, in_use, product, std::tuple(left, right), a, b);
}

TEST_CASE("model as a layer: random ops without a name draw anew in each call") {
  auto const x = keras::Input<"row", double>(tf::shape<16>);
  auto const net = keras::Model<"net">(
      x, layers::Lambda([](auto v) { return v * tf::random_uniform<double>(tf::shape<16>); })(tf::nn::dropout(x, 0.9)));
  auto const outer = keras::Sequential<"outer">(keras::Input<"given", double>(tf::shape<16>), net);
  auto const seeded = keras::Model<"seeded">(x, tf::nn::dropout(x, 0.5, tf::seed(3)));
  auto const a = keras::Input<"a", double>(tf::shape<16>);
  auto const b = keras::Input<"b", double>(tf::shape<16>);
  tf::Session sess;
  xt::xtensor<double, 2> const ones = xt::ones<double>({1, 16});
  auto const run = [&] {
    return sess.run(tf::fetch(net(a), net(b), outer(a), outer(b), seeded(a), seeded(b)), a = ones, b = ones);
  };
  auto const [first, second, third, fourth, like, alike] = run();
  CHECK_FALSE(same(first, flat(second)));
  CHECK_FALSE(same(first, flat(third)));
  CHECK_FALSE(same(third, flat(fourth)));
  CHECK(same(like, flat(alike)));
  auto const again = run();
  CHECK_FALSE(same(first, flat(std::get<0>(again))));
  CHECK_FALSE(same(like, flat(std::get<4>(again))));
}
