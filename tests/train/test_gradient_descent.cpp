// SPDX-License-Identifier: Apache-2.0
#include <support/op_test.hpp>

namespace tf = tfx;
using op_test::same;

namespace {
struct points {
  xt::xtensor<float, 2> x;
  xt::xtensor<float, 1> y;
};
constexpr std::size_t count = 2000;

/// 2000 points, and for each the number that `label` gives for its three coordinates.
template <class Label>
points make_points(Label label) {
  points data{op_test::tensor<float, 2>({count, 3}, op_test::spread(3 * count, -2, 2)),
              xt::xtensor<float, 1>(std::array<std::size_t, 1>{count})};
  for (std::size_t i = 0; i < count; ++i) data.y(i) = label(i, data.x(i, 0), data.x(i, 1), data.x(i, 2));
  return data;
}
points line() {
  return make_points([](std::size_t, float a, float b, float c) { return 0.3f * a + 0.5f * b + 0.1f * c - 0.2f; });
}

/// What takes a loss: an optimizer whose minimize accepts it.
template <class Loss>
concept can_be_minimized =
    requires(Loss const& loss) { sizeof(tf::train::GradientDescentOptimizer(0.1f).minimize(loss)); };
}  // namespace

TEST_CASE("gradient descent: one step is v - rate * gradient") {
  auto const v = tf::variable<"v">(tf::constant({1.0, 2.0}));
  auto const train = tf::train::GradientDescentOptimizer(0.25).minimize(tf::reduce_sum(v * v * v));
  tf::Session sess;
  sess.run(v.initializer());
  sess.run(train);
  CHECK(same(sess.run(v), {1 - 0.25 * 3, 2 - 0.25 * 12}, 1e-15));
}
TEST_CASE("gradient descent: linear regression in 10 steps") {
  auto const x = tf::placeholder<"x", float>(tf::shape<tf::dyn, 3>);
  auto const y_true = tf::placeholder<"y_true", float>(tf::shape<tf::dyn>);
  auto const w = tf::variable<"weights">(tf::constant<float>({{0, 0, 0}}));
  auto const b = tf::variable<"bias">(tf::constant(0.0f));
  auto const cost = tf::reduce_mean(tf::square(y_true - (tf::matmul(w, tf::transpose(x)) + b)));
  auto const train = tf::train::GradientDescentOptimizer(0.3f).minimize(cost);
  auto const data = line();

  tf::Session sess;
  sess.run(tf::global_variables_initializer(train));
  float before = sess.run(cost, x = data.x, y_true = data.y);
  for (int i = 0; i < 30; ++i) {
    sess.run(train, x = data.x, y_true = data.y);
    float const after = sess.run(cost, x = data.x, y_true = data.y);
    CHECK((after < before || after < 1e-11f));
    before = after;
  }
  CHECK(same(sess.run(w), {0.3, 0.5, 0.1}, 1e-4));
  CHECK(sess.run(b) == doctest::Approx(-0.2).epsilon(1e-4));

  auto step = sess.make_callable(tf::fetch(train, cost), x, y_true);  // the cost is that before the step
  sess.run(tf::global_variables_initializer(train));
  float const first = std::get<1>(step(data.x, data.y));
  double squares = 0;
  for (float y : data.y) squares += double(y) * y;
  CHECK(first == doctest::Approx(squares / double(count)).epsilon(1e-5));
  for (int i = 0; i < 29; ++i) step(data.x, data.y);
  CHECK(same(sess.run(w), {0.3, 0.5, 0.1}, 1e-4));
}
TEST_CASE("gradient descent: logistic regression agrees with the loss by hand") {
  constexpr auto batch = tf::dim<"batch">;
  auto const x = tf::placeholder<"x", float>(tf::shape<batch, 3>);
  auto const y_true = tf::placeholder<"y_true", float>(tf::shape<batch>);
  auto const w = tf::variable<"weights">(tf::zeros(tf::shape<1, 3>));
  auto const b = tf::variable<"bias">(tf::constant(0.0f));
  auto const z = tf::matmul(w, tf::transpose(x)) + b;
  auto const y_hat = tf::sigmoid(z);
  auto const by_hand = tf::reduce_mean(-y_true * tf::log(y_hat) - (1.0f - y_true) * tf::log(1.0f - y_hat));
  auto const cost = tf::reduce_mean(tf::nn::sigmoid_cross_entropy_with_logits(tf::labels = y_true, tf::logits = z));
  auto const train = tf::train::GradientDescentOptimizer(0.5f).minimize(cost);
  auto const chance = op_test::spread(count, 0, 1, 3);
  auto const data = make_points([&](std::size_t i, float p, float q, float r) {
    return chance[i] < 1 / (1 + std::exp(-(3.0 * p + 5.0 * q + r - 2.0))) ? 1.0f : 0.0f;
  });

  tf::Session sess;
  sess.run(tf::global_variables_initializer(train));
  auto const costs = tf::fetch(by_hand, cost);
  auto const [hand_before, before] = sess.run(costs, x = data.x, y_true = data.y);
  CHECK(hand_before == doctest::Approx(std::log(2.0)).epsilon(1e-5));
  CHECK(before == doctest::Approx(std::log(2.0)).epsilon(1e-5));
  for (int i = 0; i < 200; ++i) sess.run(train, x = data.x, y_true = data.y);
  auto const [hand_after, after] = sess.run(costs, x = data.x, y_true = data.y);
  CHECK(hand_after == doctest::Approx(after).epsilon(1e-4));
  CHECK(after < 0.25f);
  auto const weights = sess.run(w);
  CHECK((weights(0, 1) > weights(0, 0) && weights(0, 0) > weights(0, 2) && weights(0, 2) > 0));
}
TEST_CASE("gradient descent: the learning rate may be a tensor, fed anew in each step") {
  auto const rate = tf::placeholder<"rate", float>(tf::shape<>);
  auto const v = tf::variable<"v">(tf::constant(1.0f));
  auto const train = tf::train::GradientDescentOptimizer(rate).minimize(v * v);
  tf::Session sess;
  sess.run(v.initializer());
  sess.run(train, rate = 0.25f);
  CHECK(sess.run(v) == 0.5f);
  sess.run(train, rate = 0.125f);
  CHECK(sess.run(v) == 0.375f);
}
TEST_CASE("gradient descent: a learning rate that decays with a variable counts steps") {
  auto const step = tf::variable<"step">(tf::constant(0.0));
  auto const v = tf::variable<"v">(tf::constant(16.0));
  auto const train = tf::train::GradientDescentOptimizer(0.5 / (step + 1)).minimize(tf::stop_gradient(v) * v);
  auto const both = tf::group(train, step.assign_add(1));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(both));
  sess.run(both);  // 16 - 0.5 * 16
  CHECK(sess.run(v) == 8);
  sess.run(both);  // 8 - 0.25 * 8
  CHECK(sess.run(v) == 6);
}
TEST_CASE("gradient descent: all variables move from where they stood, and only those that the loss depends on") {
  auto const a = tf::variable<"a">(tf::constant(2.0));
  auto const b = tf::variable<"b">(tf::constant(3.0));
  auto const other = tf::variable<"other">(tf::constant(1.0));
  auto const train = tf::train::GradientDescentOptimizer(0.5).minimize(a * b + tf::stop_gradient(other) * a);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(train));
  auto const [nothing, old_a] = sess.run(tf::fetch(train, a));
  static_cast<void>(nothing);
  CHECK(old_a == 2);
  auto const [va, vb, vo] = sess.run(tf::fetch(a, b, other));
  CHECK(va == 2 - 0.5 * (3 + 1));
  CHECK(vb == 3 - 0.5 * 2);
  CHECK(vo == 1);
}
TEST_CASE("gradient descent: a loss that no variable reaches is refused, and one that is not floating") {
  auto const x = tf::placeholder<"x", float>(tf::shape<>);
  auto const k = tf::variable<"k">(tf::constant(1));
  auto const v = tf::variable<"v">(tf::constant(1.0f));
  auto const none = tf::train::GradientDescentOptimizer(0.5f).minimize(x * x);
  auto const cut = tf::train::GradientDescentOptimizer(0.5f).minimize(tf::stop_gradient(v));
  auto const fine = tf::train::GradientDescentOptimizer(0.5f).minimize(v * x);
  using fed = decltype(x = 1.0f);
  static_assert(!tf::can_run<std::remove_const_t<decltype(none)>, fed>);
  static_assert(!tf::can_run<std::remove_const_t<decltype(cut)>>);
  static_assert(tf::can_run<std::remove_const_t<decltype(fine)>, fed>);
  static_assert(!can_be_minimized<decltype(k)> && can_be_minimized<decltype(v)>);
}
