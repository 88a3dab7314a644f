// SPDX-License-Identifier: Apache-2.0
#include <support/slopes.hpp>
#include <tfx/keras/layers/batch_normalization.hpp>
#include <tfx/keras/layers/dense.hpp>
#include <tfx/keras/layers/layer_normalization.hpp>
#include <tfx/keras/optimizers/sgd.hpp>
#include <tfx/keras/trainer.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;
using op_test::check_slopes;
using op_test::in_use;
using op_test::layer_name;
using op_test::same;
using op_test::spread;
using op_test::tensor;

namespace {
constexpr auto as_trained = [](auto const& x) { return keras::in_training(x); };

/// x [n, …] normalised along axis `along`, by the mean and variance of all else.
struct statistics {
  std::vector<double> mean, variance;
  double count = 0;

  template <class X>
  statistics(X const& x, std::size_t along) : mean(x.shape()[along]), variance(mean) {
    count = double(x.size()) / double(mean.size());
    for (std::size_t i = 0; i < x.size(); ++i) mean[place(x, along, i)] += x.data()[i] / count;
    for (std::size_t i = 0; i < x.size(); ++i) {
      double const e = x.data()[i] - mean[place(x, along, i)];
      variance[place(x, along, i)] += e * e / count;
    }
  }
  template <class X>
  static std::size_t place(X const& x, std::size_t along, std::size_t i) {
    std::size_t inner = 1;
    for (std::size_t k = along + 1; k < x.dimension(); ++k) inner *= x.shape()[k];
    return i / inner % x.shape()[along];
  }
  template <class X>
  std::vector<double> normalised(X const& x, std::size_t along, std::vector<double> const& gamma,
                                 std::vector<double> const& beta) const {
    std::vector<double> all;
    for (std::size_t i = 0; i < x.size(); ++i) {
      std::size_t const c = place(x, along, i);
      all.push_back((x.data()[i] - mean[c]) / std::sqrt(variance[c] + 1e-3) * gamma[c] + beta[c]);
    }
    return all;
  }
};
}  // namespace

TEST_CASE("layer normalization: along the last axis, with weights or without, and its derivatives") {
  auto const x = keras::Input<"x", double>(tf::shape<2, 4>);
  auto const y = layers::LayerNormalization()(x);
  auto const bare =
      layers::LayerNormalization<"bare">(keras::center<false>, keras::scale<false>, keras::epsilon = 0.5)(x);
  CHECK(layer_name(y) == "layer_normalization");
  auto const gamma = tf::get_variable<"layer_normalization/gamma", double>(tf::shape<4>, tf::ones_initializer());
  auto const beta = tf::get_variable<"layer_normalization/beta", double>(tf::shape<4>, tf::zeros_initializer());
  tf::Session sess;
  auto const at = tensor<double, 3>({3, 2, 4}, spread(24, -2, 2));
  auto const g = tensor<double, 1>({4}, {1, 0.5, -1, 2}), b = tensor<double, 1>({4}, {0, 0.25, 1, -1});
  auto const [got, plain] = sess.run(tf::fetch(y, bare), x = at, gamma = g, beta = b);
  for (std::size_t row = 0; row < 6; ++row) {
    double const* p = at.data() + 4 * row;
    double mean = 0, variance = 0;
    for (int i = 0; i < 4; ++i) mean += p[i] / 4;
    for (int i = 0; i < 4; ++i) variance += (p[i] - mean) * (p[i] - mean) / 4;
    for (std::size_t i = 0; i < 4; ++i) {
      double const e = p[i] - mean;
      CHECK(op_test::near(got.data()[4 * row + i], e / std::sqrt(variance + 1e-3) * g(i) + b(i), 1e-9));
      CHECK(op_test::near(plain.data()[4 * row + i], e / std::sqrt(variance + 0.5), 1e-9));
    }
  }
  check_slopes(sess, in_use, y, std::tuple(x, gamma, beta), at, g, b);
  check_slopes(sess, in_use, bare, std::tuple(x), at);
}

TEST_CASE("layer normalization: along other axes, with weights of their extents") {
  auto const x = keras::Input<"x", double>(tf::shape<2, 3, 4>);
  auto const y = layers::LayerNormalization<"one">(tf::axis<2>)(x);
  auto const z = layers::LayerNormalization<"two">(tf::axes<1, -1>, keras::center<false>)(x);
  auto const gamma = tf::get_variable<"one/gamma", double>(tf::shape<3>, tf::ones_initializer());
  auto const beta = tf::get_variable<"one/beta", double>(tf::shape<3>, tf::zeros_initializer());
  auto const factor = tf::get_variable<"two/gamma", double>(tf::shape<2, 4>, tf::ones_initializer());
  tf::Session sess;
  auto const at = tensor<double, 4>({2, 2, 3, 4}, spread(48, -2, 2));
  auto const g = tensor<double, 1>({3}, {1, 0.5, -1}), b = tensor<double, 1>({3}, {0, 0.25, 1});
  auto const f = tensor<double, 2>({2, 4}, spread(8, -1, 1, 3));
  auto const [one, two] = sess.run(tf::fetch(y, z), x = at, gamma = g, beta = b, factor = f);
  auto const normal = [&](double value, std::vector<double> const& among) {
    double mean = 0, variance = 0;
    for (double each : among) mean += each / double(among.size());
    for (double each : among) variance += (each - mean) * (each - mean) / double(among.size());
    return (value - mean) / std::sqrt(variance + 1e-3);
  };
  for (std::size_t n = 0; n < 2; ++n)
    for (std::size_t i = 0; i < 2; ++i)
      for (std::size_t j = 0; j < 3; ++j)
        for (std::size_t k = 0; k < 4; ++k) {
          std::vector<double> column, plane;
          for (std::size_t q = 0; q < 3; ++q) column.push_back(at(n, i, q, k));
          for (std::size_t q = 0; q < 8; ++q) plane.push_back(at(n, q / 4, j, q % 4));
          CHECK(op_test::near(one(n, i, j, k), normal(at(n, i, j, k), column) * g(j) + b(j), 1e-9));
          CHECK(op_test::near(two(n, i, j, k), normal(at(n, i, j, k), plane) * f(i, k), 1e-9));
        }
  check_slopes(sess, in_use, y, std::tuple(x, gamma, beta), at, g, b);
  check_slopes(sess, in_use, z, std::tuple(x, factor), at, f);
}

TEST_CASE("batch normalization: by the batch in training, by moving averages in use") {
  auto const x = keras::Input<"x", double>(tf::shape<3>);
  auto const y = layers::BatchNormalization(keras::momentum = 0.75)(x);
  auto const gamma = tf::get_variable<"batch_normalization/gamma", double>(tf::shape<3>, tf::ones_initializer());
  auto const beta = tf::get_variable<"batch_normalization/beta", double>(tf::shape<3>, tf::zeros_initializer());
  auto const mean = tf::get_variable<"batch_normalization/moving_mean", double>(tf::shape<3>, tf::zeros_initializer(),
                                                                                tf::trainable<false>);
  auto const variance = tf::get_variable<"batch_normalization/moving_variance", double>(
      tf::shape<3>, tf::ones_initializer(), tf::trainable<false>);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(y));
  auto const at = tensor<double, 2>({5, 3}, spread(15, -2, 4));
  auto const g = tensor<double, 1>({3}, {1, 0.5, -2}), b = tensor<double, 1>({3}, {0, 0.25, 1});
  statistics const batch(at, 1);
  auto const trained = keras::in_training(y);
  CHECK(
      same(sess.run(trained, x = at, gamma = g, beta = b), batch.normalised(at, 1, {1, 0.5, -2}, {0, 0.25, 1}), 1e-9));
  std::vector<double> means, variances;
  for (std::size_t i = 0; i < 3; ++i) {
    means.push_back(0.25 * batch.mean[i]);
    variances.push_back(0.75 + 0.25 * batch.variance[i]);
  }
  auto const [m1, v1] = sess.run(tf::fetch(mean, variance));
  CHECK(same(m1, means, 1e-12));
  CHECK(same(v1, variances, 1e-12));
  sess.run(trained, x = at);
  for (std::size_t i = 0; i < 3; ++i) {
    means[i] = 0.75 * means[i] + 0.25 * batch.mean[i];
    variances[i] = 0.75 * variances[i] + 0.25 * batch.variance[i];
  }
  auto const [m2, v2] = sess.run(tf::fetch(mean, variance));
  CHECK(same(m2, means, 1e-12));
  CHECK(same(v2, variances, 1e-12));

  statistics moving(at, 1);
  moving.mean = means, moving.variance = variances;
  CHECK(same(sess.run(y, x = at, gamma = g, beta = b), moving.normalised(at, 1, {1, 0.5, -2}, {0, 0.25, 1}), 1e-9));
  auto const [m3, v3] = sess.run(tf::fetch(mean, variance));
  CHECK(same(m3, means, 1e-12));
  CHECK(same(v3, variances, 1e-12));
  check_slopes(sess, as_trained, y, std::tuple(x, gamma, beta), at, g, b);
  check_slopes(sess, in_use, y, std::tuple(x, gamma, beta), at, g, b);
}

TEST_CASE("batch normalization: of images, along other axes, without weights, frozen") {
  auto const x = keras::Input<"x", double>(tf::shape<2, 3, 2>);
  auto const last = layers::BatchNormalization<"last">(keras::momentum = 0.0)(x);
  auto const first = layers::BatchNormalization<"first">(tf::axis<1>, keras::momentum = 0.0)(x);
  auto const middle = layers::BatchNormalization<"middle">(tf::axis<-2>, keras::momentum = 0.0, keras::scale<false>)(x);
  auto const frozen =
      layers::BatchNormalization<"frozen">(keras::center<false>, keras::scale<false>, tf::trainable<false>)(x);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(last, first, middle, frozen));
  auto const at = tensor<double, 4>({2, 2, 3, 2}, spread(24, -2, 4));
  auto const [a, b, c, d] = sess.run(tf::fetch(keras::in_training(last), keras::in_training(first),
                                               keras::in_training(middle), keras::in_training(frozen)),
                                     x = at);
  statistics const of_last(at, 3), of_first(at, 1), of_middle(at, 2);
  CHECK(same(a, of_last.normalised(at, 3, {1, 1}, {0, 0}), 1e-9));
  CHECK(same(b, of_first.normalised(at, 1, {1, 1}, {0, 0}), 1e-9));
  CHECK(same(c, of_middle.normalised(at, 2, {1, 1, 1}, {0, 0, 0}), 1e-9));
  CHECK(same(d, of_last.normalised(at, 3, {1, 1}, {0, 0}), 1e-9));
  auto const last_variance =
      tf::get_variable<"last/moving_variance", double>(tf::shape<2>, tf::ones_initializer(), tf::trainable<false>);
  auto const first_variance =
      tf::get_variable<"first/moving_variance", double>(tf::shape<2>, tf::ones_initializer(), tf::trainable<false>);
  auto const middle_mean =
      tf::get_variable<"middle/moving_mean", double>(tf::shape<3>, tf::zeros_initializer(), tf::trainable<false>);
  auto const middle_variance =
      tf::get_variable<"middle/moving_variance", double>(tf::shape<3>, tf::ones_initializer(), tf::trainable<false>);
  auto const frozen_mean =
      tf::get_variable<"frozen/moving_mean", double>(tf::shape<2>, tf::zeros_initializer(), tf::trainable<false>);
  auto const got = sess.run(tf::fetch(last_variance, first_variance, middle_mean, middle_variance, frozen_mean));
  auto const unbiased = [](statistics const& s) {
    std::vector<double> all;
    for (double v : s.variance) all.push_back(v * s.count / (s.count - 1));
    return all;
  };
  CHECK(same(std::get<0>(got), unbiased(of_last), 1e-9));
  CHECK(same(std::get<1>(got), unbiased(of_first), 1e-9));
  CHECK(same(std::get<2>(got), of_middle.mean, 1e-9));
  CHECK(same(std::get<3>(got), of_middle.variance, 1e-9));
  CHECK(same(std::get<4>(got), {0, 0}));
  check_slopes(sess, as_trained, first, std::tuple(x), at);
}

TEST_CASE("batch normalization: weights in Keras' order, trained twice, and one layer used twice") {
  auto model = keras::Sequential(
      keras::Input(tf::shape<2>),
      layers::BatchNormalization(keras::momentum = 0.5, keras::gamma_initializer = tf::constant_initializer(2.0)),
      layers::Dense<1>());
  static_assert(decltype(model)::parameter_count == 8 + 3 && decltype(model)::trainable_count == 4 + 3);
  auto const before = model.get_weights();
  CHECK(same(std::get<0>(before), {2, 2}));
  CHECK(same(std::get<1>(before), {0, 0}));
  CHECK(same(std::get<2>(before), {0, 0}));
  CHECK(same(std::get<3>(before), {1, 1}));
  auto trainer = model.compile(keras::optimizers::SGD(0.1), keras::loss<"mse">);
  xt::xtensor<float, 2> const xs{{1, 2}, {3, 6}};
  xt::xtensor<float, 2> const ys{{0}, {1}};
  auto const first = trainer.train_on_batch(xs, ys), second = trainer.train_on_batch(xs, ys);
  CHECK(second[0] < first[0]);
  auto const after = model.get_weights();
  CHECK(same(std::get<2>(after), {0.75 * 2, 0.75 * 4}));
  CHECK(same(std::get<3>(after), {0.25 + 0.75 * 1, 0.25 + 0.75 * 4}));

  auto const left = keras::Input<"left", double>(tf::shape<1>);
  auto const right = keras::Input<"right", double>(tf::shape<1>);
  auto const shared = layers::BatchNormalization<"shared">(keras::momentum = 0.5);
  auto const sum = shared(left) + shared(right);
  auto const mean =
      tf::get_variable<"shared/moving_mean", double>(tf::shape<1>, tf::zeros_initializer(), tf::trainable<false>);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(sum));
  sess.run(keras::in_training(sum), left = {{2}, {4}}, right = {{6}, {10}});
  CHECK(same(sess.run(mean), {0.5 * 3 + 0.5 * 8}));  // both go on from where the run began
}
