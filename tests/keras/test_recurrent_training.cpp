// SPDX-License-Identifier: Apache-2.0
#include <support/keras_rnn.hpp>
#include <tfx/keras/constraints.hpp>
#include <tfx/keras/layers/bidirectional.hpp>
#include <tfx/keras/layers/dense.hpp>
#include <tfx/keras/layers/embedding.hpp>
#include <tfx/keras/layers/rnn.hpp>
#include <tfx/keras/optimizers/adam.hpp>
#include <tfx/keras/regularizers.hpp>
#include <tfx/keras/trainer.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;
using keras_rnn::numbers;
using layer_test::some;
using op_test::flat;
using op_test::same;

TEST_CASE("recurrent layers: how weights begin, their order and penalties") {
  auto const model = keras::Sequential(
      keras::Input(tf::shape<4, 2>),
      layers::LSTM<3>(keras::return_sequences, keras::bias_initializer = tf::constant_initializer(0.5),
                      keras::recurrent_regularizer = keras::regularizers::l2(0.5),
                      keras::kernel_constraint = keras::constraints::non_neg()),
      layers::GRU<2>(keras::reset_after<true>, tf::trainable<false>));
  static_assert(decltype(model)::parameter_count == 4 * 3 * (2 + 3 + 1) + 3 * 2 * (3 + 2 + 2));
  static_assert(decltype(model)::trainable_count == 4 * 3 * (2 + 3 + 1));
  auto const w = model.get_weights();
  CHECK(same(layer_test::extents(std::get<0>(w)), {2, 12}));
  CHECK(same(layer_test::extents(std::get<1>(w)), {3, 12}));
  CHECK(same(std::get<2>(w), {0.5, 0.5, 0.5, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5}));
  CHECK(same(layer_test::extents(std::get<5>(w)), {2, 6}));
  numbers const r = flat(std::get<1>(w));  // orthonormal rows
  double penalty = 0;
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t k = 0; k < 3; ++k) {
      double sum = 0;
      for (std::size_t j = 0; j < 12; ++j) sum += r[12 * i + j] * r[12 * k + j];
      CHECK(op_test::near(sum, i == k ? 1 : 0, 1e-5));
      if (i == k) penalty += 0.5 * sum;
    }
  auto trainer = model.compile(keras::optimizers::Adam(0.1), keras::loss<"mse">);
  auto const xs = some<float, 3>({4, 4, 2}, 3);
  auto const ys = model.predict(xs);
  CHECK(op_test::near(trainer.evaluate(xs, ys, {.verbose = 0})[0], penalty, 1e-5));
  trainer.train_on_batch(xs, ys);
  auto const after = model.get_weights();
  for (float v : std::get<0>(after)) CHECK(v >= 0);
  CHECK(same(std::get<3>(after), flat(std::get<3>(w))));
}

TEST_CASE("recurrent dropout: masks are drawn for a sequence, in training alone") {
  // A state that adds up what it sees: of a mask for all steps, each column is a sequence of its own multiples.
  auto const x = keras::Input<"x", double>(tf::shape<6, 4>);
  auto const y = layers::SimpleRNN<4>(keras::activation<"linear">, keras::return_sequences, keras::dropout = 0.5,
                                      keras::use_bias<false>)(x);
  auto const z = layers::SimpleRNN<4, "z">(keras::activation<"linear">, keras::return_sequences,
                                           keras::recurrent_dropout = 0.75, keras::use_bias<false>)(x);
  auto const [k1, r1] = keras_rnn::kernels<"simple_rnn", 4, 4, 4>();
  auto const [k2, r2] = keras_rnn::kernels<"z", 4, 4, 4>();
  auto const one = op_test::tensor<double, 2>({4, 4}, {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1});
  auto const none = op_test::tensor<double, 2>({4, 4}, numbers(16, 0.0));
  xt::xtensor<double, 3> const ones = xt::ones<double>({20, 6, 4});
  tf::Session sess;
  auto const run = [&](auto const& what) { return sess.run(what, x = ones, k1 = one, r1 = none, k2 = one, r2 = one); };
  auto const [used, kept] = run(tf::fetch(y, z));
  CHECK(same(used, numbers(480, 1.0)));
  CHECK(used.size() == kept.size());
  auto const a = run(keras::in_training(y)), b = run(keras::in_training(y)), c = run(keras::in_training(z));
  int dropped = 0, of_80 = 0, other = 0;
  for (std::size_t row = 0; row < 20; ++row)
    for (std::size_t k = 0; k < 4; ++k, ++of_80) {
      dropped += a(row, 0, k) == 0 ? 1 : 0;
      other += a(row, 0, k) != b(row, 0, k) ? 1 : 0;
      CHECK((a(row, 0, k) == 0 || a(row, 0, k) == 2));
      double state = 0;
      bool const keeps = c(row, 1, k) != 1;
      for (std::size_t t = 0; t < 6; ++t) {
        CHECK(a(row, t, k) == a(row, 0, k));
        state = 1 + (keeps ? 4 * state : 0);
        CHECK(c(row, t, k) == state);
        CHECK(kept(row, t, k) == double(t + 1));
      }
    }
  CHECK((dropped > 15 && dropped < 65));
  CHECK(other > 10);
  // A gradient sees the masks of its run.
  auto const loss = tf::reduce_sum(z);
  auto const [dx] = tf::gradients(loss, x);
  auto const [value, slope] = sess.run(tf::fetch(keras::in_training(z), keras::in_training(dx)), x = ones, k1 = one,
                                       r1 = none, k2 = one, r2 = one);
  for (std::size_t row = 0; row < 20; ++row)
    for (std::size_t k = 0; k < 4; ++k) {
      double sum = 0;  // of an input of the first step, in all outputs
      bool const keeps = value(row, 1, k) != 1;
      for (std::size_t t = 0; t < 6; ++t) sum += t == 0 ? 1 : keeps ? std::pow(4.0, double(t)) : 0;
      CHECK(op_test::near(slope(row, 0, k), sum, 1e-12));
    }
}

TEST_CASE("recurrent layers: learn which of two words came last, behind an embedding with a mask") {
  xt::xtensor<std::int32_t, 2> xs = xt::zeros<std::int32_t>({256, 6});
  xt::xtensor<float, 1> ys(std::array<std::size_t, 1>{256});
  unsigned s = 1;
  for (std::size_t i = 0; i < 256; ++i) {
    s = s * 1664525u + 1013904223u;
    std::size_t const length = 2 + (s >> 8) % 5;
    for (std::size_t t = 0; t < length; ++t) {
      s = s * 1664525u + 1013904223u;
      xs(i, t) = 1 + static_cast<std::int32_t>((s >> 9) % 4);
      if (xs(i, t) <= 2) ys(i) = static_cast<float>(xs(i, t) - 1);
    }
    xs(i, 0) = 1 + static_cast<std::int32_t>(i % 2);
    ys(i) = 0;
    for (std::size_t t = 0; t < length; ++t)
      if (xs(i, t) <= 2) ys(i) = static_cast<float>(xs(i, t) - 1);
  }
  auto const model = keras::Sequential(
      keras::Input<"words", std::int32_t>(tf::shape<6>), layers::Embedding<5, 8>(keras::mask_zero<true>),
      layers::Bidirectional(layers::LSTM<8>(keras::dropout = 0.05)), layers::Dense<1>(keras::activation<"sigmoid">));
  auto trainer =
      model.compile(keras::optimizers::Adam(0.02), keras::loss<"binary_crossentropy">, keras::metrics<"accuracy">);
  auto const history = trainer.fit(xs, ys, {.epochs = 20, .batch_size = 32, .verbose = 0});
  CHECK(history["accuracy"].back() > 0.95);
}
