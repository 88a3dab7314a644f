// SPDX-License-Identifier: Apache-2.0
#include <support/op_test.hpp>
#include <tfx/train/adam.hpp>
#include <train/optimizer_test.hpp>

namespace tf = tfx;
using op_test::same;

TEST_CASE("adam: TensorFlow's trajectories") {
  // The gradient of Σ c v is c everywhere, in each step.
  auto const v = tf::variable<"v">(tf::constant({1.0, 2.0}));
  auto const w = tf::variable<"w">(tf::constant({1.0f, 2.0f}));
  auto const u = tf::variable<"u">(tf::constant({3.0, 4.0}));
  auto const slow = tf::train::AdamOptimizer().minimize<"slow">(tf::reduce_sum(v) * 0.1);
  auto const fast = tf::train::AdamOptimizer(0.1f).minimize(tf::reduce_sum(w) * 0.1f);
  auto const other = tf::train::AdamOptimizer(0.01, 0.8, 0.9, 0.001).minimize<"other">(tf::reduce_sum(u) * 0.01);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(slow, fast, other));
  auto const run = [&](int steps) {
    for (int i = 0; i < steps; ++i) sess.run(tf::fetch(slow, fast, other));
  };
  run(1);
  CHECK(same(sess.run(v), {0.9990000031622677, 1.9990000031622677}, 1e-14));
  CHECK(same(sess.run(w), {0.900000316226766, 1.900000316226766}, 1e-6));
  CHECK(same(sess.run(u), {2.9924025307335205, 3.9924025307335205}, 1e-14));
  run(2);
  CHECK(same(sess.run(v), {0.9970000072255417, 1.9970000072255416}, 1e-13));
  run(2);
  CHECK(same(sess.run(u), {2.958688283131855, 3.958688283131855}, 1e-13));
  run(5);
  CHECK(same(sess.run(w), {1.5891561445657842e-06, 1.000001589156145}, 1e-5));
  CHECK(same(sess.run(tf::variable<"w/Adam">(tf::zeros(tf::shape<2>))), {0.06513215599, 0.06513215599}, 1e-6));
  CHECK(same(sess.run(tf::variable<"w/Adam_1">(tf::zeros(tf::shape<2>))), {9.9551197902518e-05, 9.9551197902518e-05},
             1e-6));
  CHECK(sess.run(tf::variable<"beta1_power">(0.9f)) == doctest::Approx(std::pow(0.9, 11)));
  CHECK(sess.run(tf::variable<"beta2_power">(0.999f)) == doctest::Approx(std::pow(0.999, 11)));
  CHECK(sess.run(tf::variable<"other/beta1_power">(0.8)) == doctest::Approx(std::pow(0.8, 11)).epsilon(1e-14));
}
TEST_CASE("adam: its state is listed and initialised; variables of two dtypes share the powers") {
  auto const w = tf::variable<"layer/w">(tf::ones(tf::shape<2, 3>));
  auto const b = tf::variable<"layer/b">(tf::zeros<double>(tf::shape<3>));
  auto const loss = tf::reduce_sum(tf::cast<double>(w) + b);
  auto const step = tf::train::AdamOptimizer(0.5).minimize(loss);
  auto const named = tf::train::AdamOptimizer(0.25, 0.5).minimize<"second">(loss);
  tf::Graph const graph(step);
  tf::Graph const other(named);
  CHECK(graph.variables().size() == 8);
  for (auto const name :
       {"layer/w/Adam", "layer/w/Adam_1", "layer/b/Adam", "layer/b/Adam_1", "beta1_power", "beta2_power"})
    CHECK(graph.contains(name));
  for (auto const name : {"layer/w/second", "layer/w/second_1", "second/beta1_power", "second/beta2_power"})
    CHECK(other.contains(name));
  auto const power = tf::variable<"beta1_power">(0.9);
  tf::Session sess;
  CHECK_THROWS_AS(sess.run(step), tf::errors::FailedPreconditionError);
  sess.run(tf::global_variables_initializer(step, named));
  CHECK(sess.run(power) == 0.9);
  sess.run(step);
  CHECK(same(sess.run(w), std::vector<double>(6, 0.5), 1e-6));
  CHECK(same(sess.run(b), std::vector<double>(3, -0.5), 1e-6));
  CHECK(sess.run(power) == doctest::Approx(0.81));
  CHECK(sess.run(tf::variable<"second/beta1_power">(0.5)) == 0.5);
  sess.run(named);
  CHECK(same(sess.run(b), std::vector<double>(3, -0.75), 1e-6));
  CHECK(sess.run(power) == doctest::Approx(0.81));
  CHECK(sess.run(tf::variable<"second/beta1_power">(0.5)) == 0.25);
}
TEST_CASE("adam: parameters may be expressions; all of a variable's step is one loop") {
  auto const rate = tf::placeholder<"rate", float>(tf::shape<>);
  auto const beta = tf::variable<"beta">(0.5f);
  auto const w = tf::variable<"w">(tf::ones(tf::shape<1000>));
  auto const u = tf::variable<"u">(tf::ones(tf::shape<300>));
  auto const one = tf::train::AdamOptimizer(0.5f).minimize(tf::reduce_sum(tf::square(w)) * 0.5f);
  auto const two =
      tf::train::AdamOptimizer(0.5f).minimize(tf::reduce_sum(tf::square(w)) * 0.5f + tf::reduce_sum(tf::square(u)));
  static_assert(count_loops<decltype(one)>().over_tensors == 1);
  static_assert(count_loops<decltype(two)>().over_tensors == 2);
  static_assert(count_loops<decltype(two)>().over_scalars <= 5);

  auto const step = tf::train::AdamOptimizer(rate, beta, beta * 1.5f).minimize(tf::reduce_sum(w));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(beta));
  sess.run(tf::global_variables_initializer(step));
  sess.run(step, rate = 0.5f);
  sess.run(step, rate = 0.25f);
  CHECK(same(sess.run(w), std::vector<double>(1000, 0.25), 1e-6));
  CHECK(sess.run(tf::variable<"beta1_power">(beta)) == 0.125f);
}
TEST_CASE("adam: of a variable whose shape a run finds out, and of layers that are built by values") {
  auto const start = tf::placeholder<"start", float>(tf::shape<tf::dyn>);
  auto const u = tf::variable<"u">(start);
  auto const of_u = tf::train::AdamOptimizer(0.5f).minimize(tf::reduce_sum(u));
  auto const x = tf::placeholder<"x", float>(tf::shape<2, 2>);
  auto const y = tf::build([](auto h) {
    for (int i = 0; i < 3; ++i) h = tf::matmul(h, tf::variable(tf::name_of("w", i), tf::fill({2, 2}, 0.5f)));
    return h;
  })(x);
  auto const of_y = tf::train::AdamOptimizer(0.25f).minimize<"y">(tf::reduce_sum(y));
  CHECK(tf::Graph(of_y).variables().size() == 11);
  tf::Session sess;
  for (std::size_t n : {3u, 0u, 1000u}) {
    sess.run(tf::global_variables_initializer(of_u), start = std::vector<float>(n, 1.0f));
    sess.run(of_u);
    CHECK(same(sess.run(u), std::vector<double>(n, 0.5), 1e-6));
  }
  sess.run(tf::global_variables_initializer(of_y));
  sess.run(of_y, x = {{1, 2}, {3, 4}});
  CHECK(same(sess.run(tf::variable<"w2">(tf::fill(tf::shape<2, 2>, 0.5f))), {0.25, 0.25, 0.25, 0.25}, 1e-6));
}
