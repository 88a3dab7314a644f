// SPDX-License-Identifier: Apache-2.0
#include <compiler/passes.hpp>
#include <support/op_test.hpp>

namespace tf = tfx;
using op_test::same;

namespace {
/// TensorFlow's rule for v² of one number.
template <bool Nesterov>
std::vector<double> expected(std::vector<double> v, double rate, double momentum, int steps) {
  std::vector<double> m(v.size(), 0);
  for (int s = 0; s < steps; ++s)
    for (std::size_t i = 0; i < v.size(); ++i) {
      double const gradient = 2 * v[i];
      m[i] = momentum * m[i] + gradient;
      v[i] -= Nesterov ? rate * gradient + rate * momentum * m[i] : rate * m[i];
    }
  return v;
}
}  // namespace

TEST_CASE("momentum: TensorFlow's trajectory, plain and Nesterov's") {
  auto const w = tf::variable<"w">(tf::constant({1.0, -2.0, 3.0}));
  auto const u = tf::variable<"u">(tf::constant({1.0, -2.0, 3.0}));
  auto const plain = tf::train::MomentumOptimizer(0.1, 0.9).minimize(tf::reduce_sum(tf::square(w)));
  auto const nesterov =
      tf::train::MomentumOptimizer(0.05, 0.8, tf::train::use_nesterov).minimize(tf::reduce_sum(tf::square(u)));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(plain, nesterov));
  for (int i = 0; i < 7; ++i) sess.run(tf::fetch(plain, nesterov));
  CHECK(same(sess.run(w), expected<false>({1, -2, 3}, 0.1, 0.9, 7), 1e-14));
  CHECK(same(sess.run(u), expected<true>({1, -2, 3}, 0.05, 0.8, 7), 1e-14));
}
TEST_CASE("momentum: its state is variables, listed, initialised, read, and one for each name") {
  auto const w = tf::variable<"layer/w">(tf::ones(tf::shape<2, 3>));
  auto const b = tf::variable<"layer/b">(tf::zeros<double>(tf::shape<3>));
  auto const x = tf::placeholder<"x", float>(tf::shape<tf::dyn, 2>);
  auto const count = tf::variable<"count">(tf::constant(0));  // no floating numbers, no momentum
  auto const loss = tf::reduce_sum(tf::cast<double>(tf::matmul(x, w)) + b) * tf::cast<double>(count);
  auto const step = tf::train::MomentumOptimizer(0.5, 0.5).minimize(loss);
  auto const named = tf::train::MomentumOptimizer(0.5, 0.5).minimize<"second">(loss);
  tf::Graph const graph(step);
  CHECK(graph.variables().size() == 5);
  CHECK(graph.contains("layer/w/Momentum"));
  CHECK(graph.contains("layer/b/Momentum"));
  CHECK_FALSE(graph.contains("count/Momentum"));
  CHECK(tf::Graph(named).contains("layer/w/second"));

  tf::Session sess;
  CHECK_THROWS_AS(sess.run(step, x = {{1, 2}}), tf::errors::FailedPreconditionError);
  sess.run(tf::global_variables_initializer(step, named));
  sess.run(count.assign(1));
  sess.run(step, x = {{1, 2}});
  sess.run(step, x = {{1, 2}});
  auto const slot = tf::variable<"layer/w/Momentum">(tf::zeros(tf::shape<2, 3>));
  CHECK(same(sess.run(slot), {1.5, 1.5, 1.5, 3, 3, 3}));
  CHECK(same(sess.run(tf::variable<"layer/w/second">(tf::zeros(tf::shape<2, 3>))), {0, 0, 0, 0, 0, 0}));
  CHECK(same(sess.run(b), {-1.25, -1.25, -1.25}));
}
TEST_CASE("momentum: parameters may be expressions; all of a step is one loop") {
  auto const rate = tf::placeholder<"rate", float>(tf::shape<>);
  auto const w = tf::variable<"w">(tf::ones(tf::shape<1000>));
  auto const step = tf::train::MomentumOptimizer(rate, 0.9f).minimize(tf::reduce_sum(tf::square(w)) * 0.5f);
  static_assert(passes<decltype(step)>::count.steps == 1);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(step));
  sess.run(step, rate = 0.5f);
  sess.run(step, rate = 0.25f);
  CHECK(sess.run(tf::reduce_max(w)) == doctest::Approx(0.5 - 0.25 * (0.9 + 0.5)));
  CHECK(sess.run(tf::reduce_min(w)) == doctest::Approx(0.5 - 0.25 * (0.9 + 0.5)));
}
TEST_CASE("momentum: a step starts from what was assigned before it") {
  auto const w = tf::variable<"w">(tf::ones(tf::shape<2>));
  auto const step = tf::train::MomentumOptimizer(0.5f, 0.5f).minimize(tf::reduce_sum(w));
  auto const slot = tf::variable<"w/Momentum">(tf::zeros(tf::shape<2>));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(step));
  sess.run(step);
  sess.run(tf::with_dependencies(slot.assign(tf::fill(tf::shape<2>, 4.0f)), step));
  CHECK(same(sess.run(slot), {3, 3}));
  CHECK(same(sess.run(w), {-1, -1}));
}
TEST_CASE("momentum: layers that are built by values have it too") {
  auto const x = tf::placeholder<"x", float>(tf::shape<2, 2>);
  auto const y = tf::build([](auto h) {
    for (int i = 0; i < 3; ++i) h = tf::matmul(h, tf::variable(tf::name_of("w", i), tf::fill({2, 2}, 0.5f)));
    return h;
  })(x);
  auto const step = tf::train::MomentumOptimizer(0.1f, 0.9f).minimize(tf::reduce_sum(y));
  CHECK(tf::Graph(step).variables().size() == 6);
  CHECK(tf::Graph(step).contains("w2/Momentum"));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(step));
  sess.run(step, x = {{1, 2}, {3, 4}});
  CHECK(same(sess.run(tf::variable<"w2">(tf::fill(tf::shape<2, 2>, 0.5f))), {0, 0, 0, 0}, 1e-6));
}
TEST_CASE("momentum: of a variable whose shape a run finds out, and of one whose extents have names") {
  constexpr auto b = tf::dim<"b">;
  auto const batch = tf::placeholder<"batch", float>(tf::shape<b>);
  auto const w = tf::variable<"w">(tf::constant(op_test::tensor<float, 2>({2, 3}, {1, 2, 3, 4, 5, 6})));
  auto const v = tf::variable<"v">(tf::zeros(tf::shape<b>));
  auto const loss = tf::reduce_sum(tf::square(w)) * 0.5f + tf::reduce_sum(v * batch);
  auto const step = tf::train::MomentumOptimizer(0.5f, 0.5f).minimize(loss);
  CHECK(tf::Graph(step).variables().size() == 4);
  tf::Session sess;
  for (std::size_t n : {2u, 5u}) {
    auto const ones = std::vector<float>(n, 1.0f);
    sess.run(tf::global_variables_initializer(step), batch = ones);
    for (int i = 0; i < 2; ++i) sess.run(step, batch = ones);
    CHECK(same(sess.run(w), {0, 0, 0, 0, 0, 0}));  // 1, then 1 - 0.5, then 0.5 - 0.5 · (0.5 + 0.5)
    CHECK(same(sess.run(v), std::vector<double>(n, -0.5 - 0.75)));
    CHECK_THROWS_AS(sess.run(step, batch = std::vector<float>(n + 1, 1.0f)), tf::errors::InvalidArgumentError);
  }
}
