// SPDX-License-Identifier: Apache-2.0
// covers: proximal_gradient_descent proximal_adagrad
#include <support/op_test.hpp>
#include <tfx/train/proximal_adagrad.hpp>
#include <tfx/train/proximal_gradient_descent.hpp>
#include <train/optimizer_test.hpp>

namespace tf = tfx;
using op_test::refusal;

TEST_CASE("proximal gradient descent: TensorFlow's trajectory; without strengths it is gradient descent") {
  auto const v = tf::variable<"v">(tf::constant(1.0));
  auto const w = tf::variable<"w">(tf::constant({1.0f, -2.0f}));
  auto const step = tf::train::ProximalGradientDescentOptimizer(0.1, 0.001, 0.001).minimize(v * 0.1);
  auto const plain = tf::train::ProximalGradientDescentOptimizer(0.5f).minimize(tf::reduce_sum(w) * 0.5f);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(step, plain));
  double const expected[] = {0.98980102, 0.97960306, 0.96940612};
  for (int i = 0; i < 3; ++i) {
    sess.run(tf::fetch(step, plain));
    CHECK(sess.run(v) == doctest::Approx(expected[i]).epsilon(1e-8));
    check(sess, w, {1 - 0.25 * (i + 1), -2 - 0.25 * (i + 1)});
  }
}
TEST_CASE("proximal gradient descent: what is less than l1 becomes 0; expressions, dtypes and shapes; one loop") {
  auto const rate = tf::placeholder<"rate", float>(tf::shape<>);
  auto const start = tf::placeholder<"start", float>(tf::shape<tf::dyn>);
  auto const u = tf::variable<"u">(start);
  auto const b = tf::variable<"b">(tf::constant({-2.0, 0.75, 3.0}));
  auto const loss = tf::cast<double>(tf::reduce_sum(u)) + tf::reduce_sum(b);
  auto const step = tf::train::ProximalGradientDescentOptimizer(rate, 1, 2.0f).minimize(loss);
  tf::Session sess;
  for (std::size_t n : {3u, 0u, 1000u}) {
    sess.run(tf::global_variables_initializer(step), start = std::vector<float>(n, 2.0f));
    sess.run(step, rate = 0.5f);
    check(sess, u, std::vector<double>(n, 0.5));
    check(sess, b, {-1, 0, 1}, 1e-14);
  }
  auto const w = tf::variable<"w">(tf::ones(tf::shape<1000>));
  auto const one =
      tf::train::ProximalGradientDescentOptimizer(0.5f, 0.1f, 0.1f).minimize(tf::reduce_sum(tf::square(w)));
  static_assert(count_loops<decltype(one)>().over_tensors == 1);
}
TEST_CASE("proximal adagrad: TensorFlow's trajectories") {
  auto const v = tf::variable<"v">(tf::constant({1.0, 2.0}));
  auto const w = tf::variable<"w">(tf::constant({4.0f, 3.0f}));
  auto const u = tf::variable<"u">(tf::constant({1.0, 2.0}));
  auto const z = tf::variable<"z">(tf::constant(1.0));
  auto const c = tf::constant<"c">({0.1, 0.2});
  auto const d = tf::constant<"d">({0.01, 0.02});
  auto const plain = tf::train::ProximalAdagradOptimizer(3.0).minimize(tf::reduce_sum(v * c));
  auto const sparse =
      tf::train::ProximalAdagradOptimizer(3.0f, 0.1f, 0.001f).minimize(tf::reduce_sum(w * tf::cast<float>(d)));
  auto const both = tf::train::ProximalAdagradOptimizer(3.0, 0.1, 0.001, 2.0).minimize(tf::reduce_sum(u * c));
  auto const slow = tf::train::ProximalAdagradOptimizer(0.1, 0.1, 0.001, 0.001).minimize(z * 0.1);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(plain, sparse, both, slow));
  auto const run = [&](int steps) {
    for (int i = 0; i < steps; ++i) sess.run(tf::fetch(plain, sparse, both, slow));
  };
  run(1);
  check(sess, v, {0.09546596626670922, 0.3964325485254536}, 1e-13);
  check(sess, w, {3.8956969756952327, 2.801173763024192});
  check(sess, u, {0.004526848853747805, 0.02280007820834351}, 1e-12);
  CHECK(sess.run(z) == doctest::Approx(0.96925511).epsilon(1e-8));
  run(2);
  check(sess, v, {-1.602609731855573, -2.296985311981304}, 1e-13);
  CHECK(sess.run(z) == doctest::Approx(0.91156244).epsilon(1e-8));
  run(7);
  check(sess, w, {2.9593031707754074, 1.02923116248142}, 2e-6);
  check(sess, u, {-0.049499999999258124, -0.0994999999669504}, 1e-12);
  check(sess, tf::variable<"u/ProximalAdagrad">(tf::fill(tf::shape<2>, 0.1)), {0.2, 0.5}, 1e-14);
}
TEST_CASE("proximal adagrad: expressions, dtypes, shapes and names; one loop; a bad accumulator is refused") {
  auto const strength = tf::placeholder<"strength", float>(tf::shape<>);
  auto const start = tf::placeholder<"start", float>(tf::shape<tf::dyn>);
  auto const u = tf::variable<"u">(start);
  auto const b = tf::variable<"b">(tf::constant({-2.0, 0.75, 3.0}));
  auto const loss = tf::cast<double>(tf::reduce_sum(u)) + tf::reduce_sum(b);
  auto const step = tf::train::ProximalAdagradOptimizer(1, 3, strength, 2 * strength).minimize<"first">(loss);
  auto const other = tf::train::ProximalAdagradOptimizer(0.5, 3.0).minimize(loss);
  CHECK(tf::Graph(step).contains("b/first"));
  tf::Session sess;
  for (std::size_t n : {3u, 0u, 1000u}) {
    sess.run(tf::global_variables_initializer(step, other), start = std::vector<float>(n, 2.0f));
    sess.run(step, strength = 1.0f);  // the rate is 1 / √4
    check(sess, u, std::vector<double>(n, 0.5));
    check(sess, b, {-1, 0, 1}, 1e-14);
    sess.run(other);
    check(sess, b, {-1.25, -0.25, 0.75}, 1e-14);
  }
  auto const w = tf::variable<"w">(tf::ones(tf::shape<1000>));
  auto const one = tf::train::ProximalAdagradOptimizer(0.5f, 0.1f, 0.1f, 0.1f).minimize(tf::reduce_sum(tf::square(w)));
  static_assert(count_loops<decltype(one)>().over_tensors == 1);
  CHECK(refusal([] { (void)tf::train::ProximalAdagradOptimizer(0.1f, 0.0f); }) ==
        "initial_accumulator_value must be positive: 0");
}
