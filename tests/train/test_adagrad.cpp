// SPDX-License-Identifier: Apache-2.0
#include <compiler/passes.hpp>
#include <support/op_test.hpp>
#include <tfx/train/adagrad.hpp>

namespace tf = tfx;
using op_test::counted;
using op_test::refusal;
using op_test::same;

TEST_CASE("adagrad: TensorFlow's trajectories") {
  // The gradient of Σ 0.1 v is 0.1 everywhere, in each step.
  auto const v = tf::variable<"v">(tf::constant({1.0}));
  auto const w = tf::variable<"w">(tf::constant({1.0f, 2.0f}));
  auto const u = tf::variable<"u">(tf::constant({3.0f, 4.0f}));
  auto const slow = tf::train::AdagradOptimizer(0.1).minimize(tf::reduce_sum(v) * 0.1);
  auto const fast = tf::train::AdagradOptimizer(3.0f, 0.1f).minimize(tf::reduce_sum(w) * 0.1f);
  auto const small = tf::train::AdagradOptimizer(3, 0.1).minimize(tf::reduce_sum(u) * 0.01f);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(slow, fast, small));
  std::vector<std::vector<double>> const expected[] = {
      {{0.96984887}, {0.09546597, 1.09546597}, {2.90517907, 3.90517907}},
      {{0.94098135}, {-0.77055944, 0.22944056}, {2.81040547, 3.81040547}},
      {{0.91324634}, {-1.60260973, -0.60260973}, {2.71567912, 3.71567912}}};
  for (auto const& step : expected) {
    sess.run(tf::fetch(slow, fast, small));
    CHECK(same(sess.run(v), step[0], 1e-8));
    CHECK(same(sess.run(w), step[1], 1e-6));
    CHECK(same(sess.run(u), step[2], 1e-6));
  }
  CHECK(same(sess.run(tf::variable<"v/Adagrad">(tf::fill(tf::shape<1>, 0.1))), {0.13}, 1e-15));
  CHECK(same(sess.run(tf::variable<"w/Adagrad">(tf::fill(tf::shape<2>, 0.1f))), {0.13, 0.13}));
}
TEST_CASE("adagrad: each optimizer's slots begin as its own number says, in the variable's dtype and shape") {
  auto const w = tf::variable<"w">(tf::ones(tf::shape<2, 3>));
  auto const b = tf::variable<"b">(tf::zeros<double>(tf::shape<3>));
  auto const loss = tf::reduce_sum(tf::cast<double>(w) + b);
  auto const make = [&](double initial) { return tf::train::AdagradOptimizer(0.5, initial).minimize(loss); };
  auto const first = make(0.25), again = make(0.5);
  auto const named = tf::train::AdagradOptimizer(0.5, 2).minimize<"second">(loss);
  CHECK(tf::Graph(first).variables().size() == 4);
  CHECK(tf::Graph(named).contains("w/second"));
  auto const of_w = tf::variable<"w/Adagrad">(tf::fill(tf::shape<2, 3>, 0.25f));
  auto const of_b = tf::variable<"b/Adagrad">(tf::fill(tf::shape<3>, 0.25));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(first, named));
  CHECK(same(sess.run(of_w), {0.25, 0.25, 0.25, 0.25, 0.25, 0.25}));
  CHECK(same(sess.run(of_b), {0.25, 0.25, 0.25}));
  CHECK(same(sess.run(tf::variable<"b/second">(tf::fill(tf::shape<3>, 2.0))), {2, 2, 2}));
  sess.run(first);
  CHECK(same(sess.run(of_w), {1.25, 1.25, 1.25, 1.25, 1.25, 1.25}));
  CHECK(same(sess.run(of_b), {4.25, 4.25, 4.25}));  // its gradient is 2
  sess.run(tf::global_variables_initializer(again));
  CHECK(same(sess.run(of_b), {0.5, 0.5, 0.5}));
  // Two values of one variable's are two in one run, as for every variable.
  CHECK(refusal([&] { sess.run(tf::global_variables_initializer(first, again)); }).find("0.25") != std::string::npos);
}
TEST_CASE("adagrad: all of a step is one loop, and its state is as large as what a run finds out") {
  auto const w = tf::variable<"w">(tf::ones(tf::shape<1000>));
  auto const step = tf::train::AdagradOptimizer(0.5f, 0.3f).minimize(tf::reduce_sum(tf::square(w)) * 0.5f);
  static_assert(passes<decltype(step)>::count.steps == 1);

  auto const start = tf::placeholder<"start", float>(tf::shape<tf::dyn>);
  auto const u = tf::variable<"u">(start);
  auto const v = tf::variable<"v">(tf::constant(op_test::tensor<double, 1>({300}, std::vector<double>(300, 1.0))));
  auto const of_u = tf::train::AdagradOptimizer(1.0f, 3.0f).minimize(tf::reduce_sum(u));
  auto const of_v = tf::train::AdagradOptimizer(1.0, 0.44).minimize(tf::reduce_sum(v * v) * 0.5);
  tf::Session sess;
  for (std::size_t n : {3u, 0u, 1000u}) {
    sess.run(tf::global_variables_initializer(of_u), start = std::vector<float>(n, 1.0f));
    sess.run(of_u);
    CHECK(same(sess.run(u), std::vector<double>(n, 0.5)));
  }
  sess.run(tf::global_variables_initializer(of_v, step));
  sess.run(of_v);
  CHECK(same(sess.run(v), std::vector<double>(300, 1 - 1 / 1.2), 1e-14));
}
TEST_CASE("adagrad: layers that are built by values, and more numbers than an expression holds itself") {
  auto const x = tf::placeholder<"x", float>(tf::shape<2, 2>);
  auto const y = tf::build([](auto h) {
    for (int i = 0; i < 10; ++i) h = tf::matmul(h, tf::variable(tf::name_of("w", i), tf::fill({2, 2}, 0.5f)));
    return h;
  })(x);
  auto const step = tf::train::AdagradOptimizer(0.1f, 0.75f).minimize(tf::reduce_sum(y));
  CHECK(tf::Graph(step).variables().size() == 20);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(step));
  CHECK(same(sess.run(tf::variable<"w9/Adagrad">(tf::fill(tf::shape<2, 2>, 0.75f))), {0.75, 0.75, 0.75, 0.75}));
  sess.run(step, x = {{0.5f, 0}, {0, 0}});
  CHECK(same(sess.run(tf::variable<"w9">(tf::fill(tf::shape<2, 2>, 0.5f))),
             std::vector<double>(4, 0.5 - 0.1 * 0.25 / std::sqrt(0.75 + 0.0625)), 1e-6));
}
TEST_CASE("adagrad: an accumulator that is not positive is refused") {
  CHECK(refusal([] { (void)tf::train::AdagradOptimizer(0.1f, 0.0f); }) ==
        "initial_accumulator_value must be positive: 0");
  CHECK(refusal([] { (void)tf::train::AdagradOptimizer(0.1, -1); }) ==
        "initial_accumulator_value must be positive: -1");
}
