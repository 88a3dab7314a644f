// SPDX-License-Identifier: Apache-2.0
// Moving averages of what is trained, and penalties on it.
#include <support/op_test.hpp>
#include <tfx/train/moving_averages.hpp>
#include <tfx/variables/regularizers.hpp>

namespace tf = tfx;
using op_test::same;

TEST_CASE("moving averages: of variables, which they begin as, drawn ones too") {
  auto const w = tf::variable<"w">(tf::constant({1.0, 2.0}));
  auto const drawn = tf::get_variable<"drawn">(tf::shape<3>, tf::random_normal_initializer());
  auto const ema = tf::train::ExponentialMovingAverage(0.75);
  auto const train = w.assign_add(tf::constant<"step">({4.0, 8.0}));
  auto const update = ema.apply(w, drawn);
  auto const after = ema.apply_after(train, w);
  auto const average = ema.average(w);
  tf::Graph const graph(update);
  CHECK(graph.contains("w/ExponentialMovingAverage"));
  CHECK(graph.contains("drawn/ExponentialMovingAverage"));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(update));
  CHECK(same(sess.run(average), {1, 2}));
  auto const [value, copy] = sess.run(tf::fetch(drawn, ema.average(drawn)));
  CHECK(same(value, op_test::flat(copy), 0));
  CHECK(value(0) != value(1));
  sess.run(w.assign(tf::constant<"other">({5.0, 10.0})));
  sess.run(update);
  CHECK(same(sess.run(average), {2, 4}, 1e-15));
  sess.run(after);
  CHECK(same(sess.run(w), {9, 18}));
  CHECK(same(sess.run(average), {3.75, 7.5}, 1e-15));
  // Alone, it begins as the variable is.
  sess.run(average.initializer());
  CHECK(same(sess.run(average), {9, 18}));
  CHECK_THROWS_AS(tf::Session().run(average.initializer()), tf::errors::FailedPreconditionError);
}
TEST_CASE("moving averages: the number of updates; tensors, with and without their bias") {
  auto const steps = tf::variable<"steps">(tf::zeros<int>(tf::shape<>));
  auto const v = tf::variable<"v">(1.0f);
  auto const counted = tf::train::ExponentialMovingAverage(0.99f, steps);
  auto const x = tf::placeholder<"x", double>(tf::shape<2>);
  auto const plain = tf::train::ExponentialMovingAverage(0.75);
  auto const debiased = tf::train::ExponentialMovingAverage(0.75, tf::train::zero_debias);
  auto const y = tf::multiply<"y">(x, 2.0);
  auto const update = tf::group(counted.apply(v), plain.apply(x), debiased.apply(y));
  CHECK(tf::Graph(update).contains("y/ExponentialMovingAverage/local_step"));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(update));
  sess.run(tf::fetch(v.assign(11.0f), steps.assign(10)));
  sess.run(update, x = {4, 8});
  CHECK(sess.run(counted.average(v)) == doctest::Approx(1 + (9.0 / 20) * 10));
  CHECK(same(sess.run(plain.average(x)), {1, 2}));
  CHECK(same(sess.run(debiased.average(y)), {8, 16}));
  sess.run(update, x = {8, 0});
  CHECK(same(sess.run(plain.average(x)), {2.75, 1.5}));
  CHECK(same(sess.run(debiased.average(y)), {(0.75 * 2 + 4) / (1 - 0.5625), 0.75 * 4 / (1 - 0.5625)}));
}
TEST_CASE("regularizers: penalties are found by what a loss reaches, each once") {
  auto const x = tf::placeholder<"x", float>(tf::shape<1, 2>);
  auto const w = tf::variable<"w">(tf::constant({{1.0f, -2.0f}, {3.0f, 0.0f}}));
  auto const b = tf::variable<"b">(tf::constant({2.0, -4.0}));
  auto const kernel = tf::regularized(w, tf::regularizers::l2(0.5));
  auto const bias = tf::regularized(b, tf::regularizers::l1_l2(0.25, 0.125));
  auto const h = tf::matmul(tf::matmul(x, kernel), kernel) + tf::cast<float>(bias);
  auto const loss = tf::reduce_sum(h);
  auto const penalty = tf::losses::regularization_loss(loss);
  auto const total = tf::losses::total_loss(loss);
  auto const [dw] = tf::gradients(total - loss, w);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(loss));
  CHECK(sess.run(penalty) == doctest::Approx(0.5 * 14 + 0.25 * 6 + 0.125 * 20));
  CHECK(same(sess.run(dw, x = {{0, 0}}), {1, -2, 3, 0}));
  CHECK(sess.run(loss, x = {{0, 0}}) == doctest::Approx(-2));
  CHECK(sess.run(tf::losses::regularization_loss(tf::reduce_sum(w))) == 0);
  CHECK(sess.run(tf::regularizers::l1(2.0)(w)) == 12);
  // The same of a function over handles.
  auto const y = tf::build([](auto in) {
    auto const v = tf::variable("v", tf::fill({2, 2}, 3.0f));
    return tf::matmul(in, tf::regularized(v, tf::regularizers::l1(0.5)));
  })(x);
  auto const built = tf::losses::total_loss(tf::reduce_sum(y));
  auto const step = tf::train::GradientDescentOptimizer(1.0f).minimize(built);
  sess.run(tf::global_variables_initializer(step));
  CHECK(sess.run(built, x = {{1, 1}}) == 18);
  sess.run(step, x = {{0, 0}});
  CHECK(same(sess.run(tf::variable<"v">(tf::fill(tf::shape<2, 2>, 3.0f))), std::vector<double>(4, 2.5)));
}
