// SPDX-License-Identifier: Apache-2.0
// covers: optimizer
#include <keras/fit_test.hpp>
#include <support/allocations.hpp>
#include <support/op_test.hpp>
#include <tfx/keras/layers/dropout.hpp>
#include <tfx/keras/optimizers/adam.hpp>

using namespace fit_test;

namespace {
/// Counts what is asked for from the start of an epoch's first batch to the end of its last one.
struct counter : keras::Callback {
  static constexpr bool needs_files = false;
  std::vector<long> of_epochs;
  long before = 0, within = 0;

  counter() { of_epochs.reserve(100); }
  void on_batch_begin(i64 batch, keras::training_run&) override {
    if (batch == 0) before = allocations;
  }
  void on_batch_end(i64, keras::logs const&, keras::training_run&) override { within = allocations - before; }
  void on_epoch_end(int, keras::logs const&, keras::training_run&) override { of_epochs.push_back(within); }
};
}  // namespace

TEST_CASE("allocations: they are counted") {
  CHECK(counted_in([] { numbers(10); }) == 10);
}
TEST_CASE("allocations: none in the batches of an epoch beyond the first, with weights and without") {
  auto const model =
      keras::Sequential(keras::Input(tf::shape<3>), layers::Dense<16>(), layers::Dropout(0.5), layers::Dense<1>());
  auto trainer = model.compile(keras::optimizers::Adam(0.01), keras::loss<"mse">, keras::metrics<"mae">);
  auto const x = inputs(101);
  auto const y = targets(101);
  numbers const weights(101, 0.5);
  xt::xtensor<double, 2> const doubles = x;
  counter plain, weighted, converted;
  trainer.fit(x, y, {.epochs = 4, .batch_size = 8, .verbose = 0}, plain);
  trainer.fit(x, y, {.epochs = 4, .batch_size = 8, .verbose = 0}, weighted, keras::sample_weight = weights,
              keras::validation(x, y));
  trainer.fit(doubles, y, {.epochs = 4, .batch_size = 8, .verbose = 2, .validation_split = 0.3}, converted);
  for (counter const* c : {&plain, &weighted, &converted}) {
    REQUIRE(c->of_epochs.size() == 4);
    for (std::size_t epoch = 1; epoch < 4; ++epoch) CHECK(c->of_epochs[epoch] == 0);
  }
  counter in_range;
  std::vector<std::pair<xt::xtensor<float, 2>, xt::xtensor<float, 1>>> const batches(5, {inputs(8), targets(8)});
  trainer.fit_generator(batches, {.epochs = 4, .verbose = 0}, in_range);
  for (std::size_t epoch = 1; epoch < 4; ++epoch) CHECK(in_range.of_epochs[epoch] == 0);
}
TEST_CASE("allocations: none in an optimizer's step, nor in a new rate between two of them") {
  constexpr auto batch = tf::dim<"batch">;
  auto const x = tf::placeholder<"x", float>(tf::shape<batch, 64>);
  auto const y = tf::placeholder<"y", float>(tf::shape<batch, 10>);
  auto const w = tf::variable<"w">(tf::random_normal(tf::shape<64, 32>));
  auto const v = tf::variable<"v">(tf::random_normal(tf::shape<32, 10>));
  auto const logits = tf::matmul(tf::nn::relu(tf::matmul(x, w)), v);
  auto const loss = tf::reduce_mean(tf::nn::softmax_cross_entropy_with_logits(tf::labels = y, tf::logits = logits));
  auto const optimizer = keras::optimizers::Adam(0.01, {.decay = 0.01, .clipnorm = 1});
  auto const train = optimizer.minimize(loss);
  auto const rate = tf::placeholder<"rate", float>(tf::shape<>);
  auto const assign = optimizer.lr().assign(rate);
  auto const images = op_test::tensor<float, 2>({50, 64}, op_test::spread(50 * 64, -1, 1));
  auto const labels = op_test::tensor<float, 2>({50, 10}, op_test::spread(50 * 10, 0, 1));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(train));
  auto const step = sess.make_callable(train, x, y);
  auto const change = sess.make_callable(assign, rate);
  float value = 0.01f;
  CHECK(counted_in([&] {
          change(value);
          step(images, labels);
          sess.run(assign, rate = value /= 2);
          sess.run(train, x = images, y = labels);
        }) == 0);
  CHECK(sess.run(optimizer.iterations()) == 26);
  CHECK(sess.run(optimizer.lr()) == value);
}
