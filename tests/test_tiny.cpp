// SPDX-License-Identifier: Apache-2.0
// The whole library in 15 short cases: the first file to read.
#include <doctest/doctest.h>
#include <tfx/tfx.hpp>
#include <type_traits>
#include <vector>
#include <xtensor/xtensor.hpp>

namespace tf = tfx;

TEST_CASE("tiny: a graph is built by expressions and computed by a session") {
  auto a = tf::constant<"a">(2.0f);
  auto b = tf::constant<"b">(3.0f);
  auto c = tf::multiply<"c">(a, b) + 1;
  tf::Session sess;
  CHECK(sess.run(c) == 7.0f);
}

TEST_CASE("tiny: dtype and shape are part of the type") {
  auto x = tf::zeros<double>(tf::shape<2, 3>);
  auto y = tf::matmul(x, tf::ones<double>(tf::shape<3, 5>));
  static_assert(std::is_same_v<decltype(y)::value_type, double>);
  static_assert(std::is_same_v<decltype(y)::shape_type, tf::shape_t<2, 5>>);
  static_assert(std::is_empty_v<decltype(y)>);  // what holds no run-time number is free to copy
}

TEST_CASE("tiny: a placeholder is fed with a list") {
  auto x = tf::placeholder<"x", float>(tf::shape<3>);
  tf::Session sess;
  auto y = sess.run(x * 2, x = {1, 2, 3});  // an xt::xtensor<float, 1>
  CHECK(y == xt::xtensor<float, 1>{2, 4, 6});
}

TEST_CASE("tiny: shapes broadcast, and a symbolic batch takes any extent") {
  constexpr auto batch = tf::dim<"batch">;
  auto x = tf::placeholder<"x", float>(tf::shape<batch, 2>);
  auto y = x + tf::constant<"row">({10.0f, 20.0f});
  tf::Session sess;
  for (std::size_t n : {1u, 3u, 0u}) {
    xt::xtensor<float, 2> value = xt::ones<float>({n, std::size_t{2}});
    auto got = sess.run(y, x = value);
    CHECK(got.shape(0) == n);
    for (std::size_t i = 0; i < n; ++i) CHECK((got(i, 0) == 11 && got(i, 1) == 21));
  }
}

TEST_CASE("tiny: several fetches give a tuple, and what they share is computed once") {
  auto x = tf::placeholder<"x", float>(tf::shape<4>);
  auto square = x * x;
  tf::Session sess;
  auto [sum, mean] = sess.run(tf::fetch(tf::reduce_sum(square), tf::reduce_mean(square)), x = {1, 2, 3, 4});
  CHECK(sum == 30);
  CHECK(mean == 7.5f);
}

TEST_CASE("tiny: the compiler makes one loop of an elementwise chain and its sum") {
  auto x = tf::placeholder<"x", float>(tf::shape<100, 10>);
  auto y = tf::reduce_sum(tf::exp(-tf::square(x) * 0.5f));
  static_assert(tf::plan(y).arena_bytes() < 1024);  // nothing of x's size is stored
}

TEST_CASE("tiny: a variable keeps its value in its session") {
  auto w = tf::variable<"w">(tf::constant({1.0f, 2.0f}));
  tf::Session one, other;
  one.run(w.initializer());
  other.run(w.initializer());
  one.run(w.assign_add(tf::constant({10.0f, 20.0f})));
  CHECK(one.run(w) == xt::xtensor<float, 1>{11, 22});
  CHECK(other.run(w) == xt::xtensor<float, 1>{1, 2});
}

TEST_CASE("tiny: gradients are expressions") {
  auto x = tf::placeholder<"x", double>(tf::shape<>);
  auto [dy] = tf::gradients(x * x * x, x);
  auto [ddy] = tf::gradients(dy, x);
  tf::Session sess;
  auto [first, second] = sess.run(tf::fetch(dy, ddy), x = 2.0);
  CHECK(first == 12);
  CHECK(second == 12);
}

TEST_CASE("tiny: forward mode follows one direction") {
  auto x = tf::placeholder<"x", double>(tf::shape<2>);
  auto v = tf::placeholder<"v", double>(tf::shape<2>);
  tf::Session sess;
  CHECK(sess.run(tf::jvp(tf::reduce_sum(tf::square(x)), x, v), x = {3, 4}, v = {1.0, 0.5}) == 10);
}

TEST_CASE("tiny: an optimizer lowers a loss") {
  auto w = tf::variable<"w">(tf::constant(0.0f));
  auto loss = tf::square(w - 3);
  auto train = tf::train::GradientDescentOptimizer(0.1f).minimize(loss);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(train));
  for (int step = 0; step < 100; ++step) sess.run(train);
  CHECK(sess.run(w) == doctest::Approx(3).epsilon(1e-5));
}

TEST_CASE("tiny: softmax regression learns to tell three directions") {
  constexpr auto batch = tf::dim<"batch">;
  auto x = tf::placeholder<"x", float>(tf::shape<batch, 2>);
  auto label = tf::placeholder<"label", int>(tf::shape<batch>);
  auto w = tf::variable<"w">(tf::zeros(tf::shape<2, 3>));
  auto logits = tf::matmul(x, w);
  auto loss =
      tf::reduce_mean(tf::nn::sparse_softmax_cross_entropy_with_logits(tf::labels = label, tf::logits = logits));
  auto train = tf::train::GradientDescentOptimizer(1.0f).minimize(loss);
  xt::xtensor<float, 2> const points{{1, 0}, {0, 1}, {-1, -1}};
  std::vector<int> const labels{0, 1, 2};

  tf::Session sess;
  sess.run(tf::global_variables_initializer(train));
  auto step = sess.make_callable(train, x, label);
  for (int i = 0; i < 50; ++i) step(points, labels);
  CHECK(sess.run(tf::argmax(logits, tf::axis<1>), x = points) == xt::xtensor<std::int64_t, 1>{0, 1, 2});
}

TEST_CASE("tiny: eval and run use the default session") {
  auto v = tf::variable<"v">(tf::constant(5));
  tf::InteractiveSession sess;
  v.initializer().run();
  CHECK((v * 2).eval() == 10);
}

TEST_CASE("tiny: a graph is a value that can be looked into") {
  auto x = tf::placeholder<"x", float>(tf::shape<3>);
  constexpr auto graph = tf::Graph(tf::add<"y">(x, x));
  static_assert(graph.contains("x") && graph.contains("y") && graph.placeholders().size() == 1);
  CHECK(graph.to_string().find("y = Add(x, x) float [3]") != std::string::npos);
}

TEST_CASE("tiny: what depends on another run's extents is an exception that names the tensor and both shapes") {
  auto x = tf::placeholder<"x", float>(tf::shape<tf::dyn, 2>);
  tf::Session sess;
  CHECK_THROWS_WITH_AS(sess.run(x + x, x = xt::xtensor<float, 2>(std::array<std::size_t, 2>{4, 3})),
                       "Cannot feed value of shape [4,3] for Tensor 'x:0', which has shape [?,2]",
                       tf::errors::InvalidArgumentError);
}

// What is wrong with shapes and dtypes is a compile error instead: tests/refuse has one file for each.
TEST_CASE("tiny: shapes that do not fit are no expression") {
  auto x = tf::zeros(tf::shape<2, 3>);
  auto fits = [](auto a, auto b) { return requires { sizeof(a + b); }; };
  static_assert(fits(x, tf::zeros(tf::shape<3>)));
  static_assert(!fits(x, tf::zeros(tf::shape<4>)));
}
