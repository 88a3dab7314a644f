// SPDX-License-Identifier: Apache-2.0
// covers: optimizer
#include <keras/allocations.hpp>
#include <support/op_test.hpp>
#include <tfx/keras/optimizers/adam.hpp>

namespace tf = tfx;

TEST_CASE("optimizer: a step allocates nothing, nor does a new rate between two of them") {
  constexpr auto batch = tf::dim<"batch">;
  auto const x = tf::placeholder<"x", float>(tf::shape<batch, 64>);
  auto const y = tf::placeholder<"y", float>(tf::shape<batch, 10>);
  auto const w = tf::variable<"w">(tf::random_normal(tf::shape<64, 32>));
  auto const v = tf::variable<"v">(tf::random_normal(tf::shape<32, 10>));
  auto const logits = tf::matmul(tf::nn::relu(tf::matmul(x, w)), v);
  auto const loss = tf::reduce_mean(tf::nn::softmax_cross_entropy_with_logits(tf::labels = y, tf::logits = logits));
  auto const optimizer = tf::keras::optimizers::Adam(0.01, {.decay = 0.01, .clipnorm = 1});
  auto const train = optimizer.minimize(loss);
  auto const rate = tf::placeholder<"rate", float>(tf::shape<>);
  auto const assign = optimizer.lr().assign(rate);
  auto const images = op_test::tensor<float, 2>({50, 64}, op_test::spread(50 * 64, -1, 1));
  auto const labels = op_test::tensor<float, 2>({50, 10}, op_test::spread(50 * 10, 0, 1));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(train));
  auto const step = sess.make_callable(train, x, y);
  auto const change = sess.make_callable(assign, rate);
  auto const epoch = [&](float value) {
    change(value);
    step(images, labels);
    sess.run(assign, rate = value / 2);
    sess.run(train, x = images, y = labels);
  };
  for (int i = 0; i < 3; ++i) epoch(0.01f);
  long const before = allocations;
  for (int i = 0; i < 10; ++i) epoch(0.01f / static_cast<float>(1 + i));
  CHECK(allocations == before);
  CHECK(sess.run(optimizer.iterations()) == 26);
  CHECK(sess.run(optimizer.lr()) == doctest::Approx(0.0005));
}
