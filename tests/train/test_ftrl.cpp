// SPDX-License-Identifier: Apache-2.0
// covers: ftrl adagrad_da
#include <support/op_test.hpp>
#include <tfx/train/adagrad_da.hpp>
#include <tfx/train/ftrl.hpp>
#include <train/optimizer_test.hpp>

namespace tf = tfx;
using op_test::refusal;

TEST_CASE("ftrl: TensorFlow's trajectories") {
  auto const v = tf::variable<"v">(tf::constant({1.0, 2.0}));
  auto const w = tf::variable<"w">(tf::constant({4.0f, 3.0f}));
  auto const u = tf::variable<"u">(tf::constant({4.0, 3.0}));
  auto const z = tf::variable<"z">(tf::constant(1.0));
  auto const c = tf::constant<"c">({0.1, 0.2});
  auto const d = tf::constant<"d">({0.01, 0.02});
  auto const plain = tf::train::FtrlOptimizer(3.0).minimize(tf::reduce_sum(v * c));
  auto const sparse =
      tf::train::FtrlOptimizer(3.0f, -0.5f, 0.1f, 0.001f).minimize(tf::reduce_sum(w * tf::cast<float>(d)));
  auto const shrunk = tf::train::FtrlOptimizer(3.0, -0.5, 0.1, 0.001, 2.0, 0.1).minimize(tf::reduce_sum(u * d));
  auto const slow = tf::train::FtrlOptimizer(0.1, -0.5, 0.1, 0.001, 0.001).minimize(z * 0.1);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(plain, sparse, shrunk, slow));
  auto const run = [&](int steps) {
    for (int i = 0; i < steps; ++i) sess.run(tf::fetch(plain, sparse, shrunk, slow));
  };
  run(1);
  check(sess, v, {-0.857996622978883, -1.2938759609315793}, 1e-13);
  check(sess, w, {-0.08334033681862972, -0.17390834509212066}, 2e-6);
  check(sess, u, {-0.19700322269424683, -0.15061505843891326}, 1e-13);
  CHECK(sess.run(z) == doctest::Approx(0.01607507).epsilon(1e-6));
  run(2);
  check(sess, v, {-2.556072321101165, -3.9872938214383367}, 1e-13);
  check(sess, tf::variable<"v/Ftrl">(tf::fill(tf::shape<2>, 0.1)), {0.13, 0.22}, 1e-14);
  check(sess, tf::variable<"v/Ftrl_1">(tf::zeros<double>(tf::shape<2>)), {0.3072016605841502, 0.6234021926373654},
        1e-13);
  CHECK(sess.run(z) == doctest::Approx(-0.03991840).epsilon(1e-6));
  run(7);
  check(sess, w, {-0.9346074322002885, -1.8614727265614273}, 2e-6);
  check(sess, u, {-0.14378493720553873, -0.1322947411321359}, 1e-13);
  check(sess, tf::variable<"u/Ftrl_1">(tf::zeros<double>(tf::shape<2>)), {0.5913716047858445, 0.5444002218852332},
        1e-13);
}
TEST_CASE("ftrl: what the linear term does not move is 0; powers, expressions, dtypes and shapes") {
  auto const power = tf::placeholder<"power", double>(tf::shape<>);
  auto const start = tf::placeholder<"start", float>(tf::shape<tf::dyn>);
  auto const u = tf::variable<"u">(start);
  auto const b = tf::variable<"b">(tf::zeros<double>(tf::shape<3>));
  auto const loss = tf::cast<double>(tf::reduce_sum(u)) + tf::reduce_sum(b);
  auto const step = tf::train::FtrlOptimizer(0.5, power, 0).minimize(loss);
  auto const strict = tf::train::FtrlOptimizer(0.5, -0.5, 0.1, 10).minimize<"second">(loss);
  CHECK(tf::Graph(strict).contains("u/second_1"));
  tf::Session sess;
  for (std::size_t n : {3u, 0u, 1000u}) {
    sess.run(tf::global_variables_initializer(step, strict), start = std::vector<float>(n, 0.0f));
    for (int i = 0; i < 2; ++i) sess.run(step, power = -1.0);
    // n is 1, then 2; the linear term 1, then 1 + 1 + 1; v -0.5, then -2 · 0.5 / 2 · 1.5.
    check(sess, u, std::vector<double>(n, -0.75));
    check(sess, b, {-0.75, -0.75, -0.75}, 1e-14);
    sess.run(strict);
    check(sess, u, std::vector<double>(n, 0.0));
    check(sess, b, {0, 0, 0});
  }
  auto const w = tf::variable<"w">(tf::ones(tf::shape<1000>));
  auto const one =
      tf::train::FtrlOptimizer(0.5f, -0.5f, 0.1f, 0.1f, 0.1f, 0.1f).minimize(tf::reduce_sum(tf::square(w)));
  static_assert(count_loops<decltype(one)>().over_tensors == 1);
}
TEST_CASE("ftrl: an element that never had a gradient is 0, where the sum of squares begins at 0 too") {
  auto const v = tf::variable<"v">(tf::constant({5.0, 5.0}));
  auto const w = tf::variable<"w">(tf::constant({5.0f, 5.0f}));
  auto const c = tf::constant<"c">({0.0, 1.0});
  auto const loss = tf::reduce_sum(v * c) + tf::reduce_sum(tf::cast<double>(w) * c);
  auto const step = tf::train::FtrlOptimizer(0.5, -0.5, 0).minimize(loss);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(step));
  sess.run(step);
  check(sess, v, {0, 4.5}, 1e-14);  // the linear term is 1 - 2 · 5
  check(sess, w, {0, 4.5});
}
TEST_CASE("ftrl: bad parameters are refused") {
  CHECK(refusal([] { (void)tf::train::FtrlOptimizer(0.1f, -0.5f, -0.5f); }) ==
        "initial_accumulator_value -0.500000 needs to be positive or zero");
  CHECK(refusal([] { (void)tf::train::FtrlOptimizer(0.1f, 0.5); }) ==
        "learning_rate_power 0.500000 needs to be negative or zero");
  CHECK(refusal([] { (void)tf::train::FtrlOptimizer(0.1f, -0.5, 0.1, -1); }) ==
        "l1_regularization_strength -1.000000 needs to be positive or zero");
  CHECK(refusal([] { (void)tf::train::FtrlOptimizer(0.1f, -0.5, 0.1, 1, -2); }) ==
        "l2_regularization_strength -2.000000 needs to be positive or zero");
  CHECK(refusal([] { (void)tf::train::FtrlOptimizer(0.1f, -0.5, 0.1, 1, 2, -0.25); }) ==
        "l2_shrinkage_regularization_strength -0.250000 needs to be positive or zero");
}
TEST_CASE("adagrad_da: TensorFlow's trajectories, by the global step that the program counts") {
  auto const global_step = tf::variable<"global_step">(tf::constant(std::int64_t{0}));
  auto const v = tf::variable<"v">(tf::constant({0.0, 0.0}));
  auto const w = tf::variable<"w">(tf::constant({5.0f, 7.0f}));
  auto const u = tf::variable<"u">(tf::constant({0.0, 0.0}));
  auto const c = tf::constant<"c">({0.1, 0.2});
  auto const plain = tf::train::AdagradDAOptimizer(3.0, global_step).minimize(tf::reduce_sum(v * c));
  auto const other =
      tf::train::AdagradDAOptimizer(3.0f, global_step).minimize(tf::reduce_sum(w * tf::cast<float>(c)) * 0.1f);
  auto const strict = tf::train::AdagradDAOptimizer(3.0, global_step, 0.1, 0.001, 0.5).minimize(tf::reduce_sum(u * c));
  auto const train = tf::group(plain, other, strict, global_step.assign_add(std::int64_t{1}));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(train));
  sess.run(train);
  check(sess, v, {-0.9045340337332909, -1.6035674514745464}, 1e-14);
  check(sess, w, {-0.09482093118615209, -0.18935832092934093}, 1e-5);
  auto const expected = [](double g, int t) {
    return -3.0 * (t * g - 0.001 * t) / (0.5 * t * 3.0 + std::sqrt(0.1 + t * g * g));
  };
  check(sess, u, {expected(0.1, 1), expected(0.2, 1)}, 1e-14);
  sess.run(train);
  check(sess, u, {expected(0.1, 2), expected(0.2, 2)}, 1e-14);
  check(sess, tf::variable<"u/AdagradDA">(tf::zeros<double>(tf::shape<2>)), {0.2, 0.4}, 1e-14);
  check(sess, tf::variable<"u/AdagradDA_1">(tf::fill(tf::shape<2>, 0.1)), {0.12, 0.18}, 1e-14);
  CHECK(sess.run(global_step) == 2);
}
TEST_CASE("adagrad_da: one loop for each variable, of any dtype and shape; a sum that is not positive is refused") {
  auto const start = tf::placeholder<"start", float>(tf::shape<tf::dyn>);
  auto const u = tf::variable<"u">(start);
  auto const b = tf::variable<"b">(tf::zeros<double>(tf::shape<3>));
  auto const loss = tf::cast<double>(tf::reduce_sum(u)) + tf::reduce_sum(b);
  auto const step = tf::train::AdagradDAOptimizer(0.5, 0, 3).minimize(loss);
  auto const strict = tf::train::AdagradDAOptimizer(0.5, 0, 3, 1).minimize<"second">(loss);
  tf::Session sess;
  for (std::size_t n : {3u, 0u, 1000u}) {
    sess.run(tf::global_variables_initializer(step, strict), start = std::vector<float>(n, 1.0f));
    sess.run(step);
    check(sess, u, std::vector<double>(n, -0.25));
    check(sess, b, {-0.25, -0.25, -0.25}, 1e-14);
    sess.run(strict);  // |g| is l1
    check(sess, u, std::vector<double>(n, 0.0));
    check(sess, b, {0, 0, 0});
  }
  auto const w = tf::variable<"w">(tf::ones(tf::shape<1000>));
  auto const one = tf::train::AdagradDAOptimizer(0.5f, 0, 0.1f, 0.1f, 0.1f).minimize(tf::reduce_sum(tf::square(w)));
  static_assert(count_loops<decltype(one)>().over_tensors == 1);
  CHECK(refusal([] { (void)tf::train::AdagradDAOptimizer(0.1f, 0, 0.0f); }) ==
        "initial_gradient_squared_accumulator_value must be positive: 0");
}
