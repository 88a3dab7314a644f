// SPDX-License-Identifier: Apache-2.0
// Ops of several outputs in every pass: what is not used costs nothing, what is used is a value like any other.
#include <compiler/passes.hpp>
#include <sstream>
#include <support/op_test.hpp>

namespace tf = tfx;
using op_test::same;

namespace {
auto const x = tf::placeholder<"x", float>(tf::shape<10, 256>);
constexpr std::size_t bytes = 10 * 256 * 4;

template <class... X>
constexpr int steps = passes<X...>::count.steps;
auto counted() { return op_test::counted_matrix(10, 256); }
}  // namespace

TEST_CASE("outputs: only those that are used take memory, by one kernel") {
  auto const parts = tf::split(x, tf::parts<10>);
  auto const first = std::get<0>(parts);
  auto const last = std::get<9>(parts);
  static_assert(steps<decltype(last)> == 1 && tf::plan(last).arena_bytes() == bytes / 10);
  static_assert(steps<decltype(first), decltype(last)> == 1 && tf::plan(first, last).arena_bytes() == bytes / 5);
  auto const where = std::get<1>(tf::nn::top_k(x, tf::k<4>));
  static_assert(tf::plan(where).arena_bytes() == 192);
  tf::Session sess;
  auto const [a, b, sum] = sess.run(tf::fetch(first, last, tf::reduce_sum(where)), x = counted());
  CHECK((a(0, 0) == 1 && a(0, 255) == 256 && b(0, 0) == 9 * 256 + 1 && sum == 10 * (255 + 254 + 253 + 252)));
}

TEST_CASE("outputs: a loss of ten parts takes few loops, and its gradient one concatenation") {
  auto const parts = tf::split(x, tf::parts<10>);
  auto const loss = std::apply([](auto const&... p) { return (tf::reduce_sum(tf::square(p)) + ...); }, parts);
  auto const dx = std::get<0>(tf::gradients(loss, x));
  using p = passes<decltype(loss), decltype(dx)>;
  static_assert(count<tf::concat_op>(p::simple) == 1 && count<tf::pad_op>(p::simple) == 0);
  static_assert(steps<decltype(loss), decltype(dx)> <= 8 && tf::plan(loss, dx).arena_bytes() <= 3 * bytes);
  auto const [second] = tf::gradients(dx * tf::stop_gradient(x), x);
  static_assert(count<tf::split_op>(passes<decltype(second)>::simple) <= 1);
  tf::Session sess;
  auto const [value, slope, curvature] = sess.run(tf::fetch(loss, dx, second), x = counted());
  CHECK(op_test::near(value, 2560.0 * 2561 * 5121 / 6, 1e-6));
  CHECK((slope(9, 255) == 5120 && slope(0, 0) == 2 && curvature(9, 255) == 5120));
}

TEST_CASE("outputs: parts without a gradient are zeros, whichever loss asks") {
  auto const [a, b, c] = tf::split(tf::exp(x), tf::sizes<2, 3, 5>);
  auto const [none, all] =
      std::tuple(std::get<0>(tf::gradients(b, x)), std::get<0>(tf::gradients(a + tf::reduce_sum(c), x)));
  tf::Session sess;
  auto const [of_b, of_rest] = sess.run(tf::fetch(none, all), x = xt::xtensor<float, 2>(xt::zeros<float>({10, 256})));
  CHECK((of_b(1, 0) == 0 && of_b(2, 0) == 1 && of_b(4, 255) == 1 && of_b(5, 0) == 0));
  CHECK((of_rest(1, 0) == 1 && of_rest(2, 0) == 0 && of_rest(9, 255) == 2 * 256));
}

TEST_CASE("outputs: they are views, operands of kernels and loops, and dimensions of other ops") {
  auto const [left, right] = tf::split(x, tf::parts<2>, tf::axis<1>);
  auto const square = tf::matmul(left, right, tf::transpose_b);
  auto const flat = tf::reshape(right, tf::shape<1280>);
  auto const both = tf::reduce_sum(tf::reshape(left, tf::shape<1280>) - flat) + tf::reduce_max(left);
  tf::Session sess;
  auto const v = counted();
  auto const [s, f, b, again] = sess.run(tf::fetch(square, flat, both, right), x = v);
  double product = 0;
  for (std::size_t i = 0; i < 128; ++i) product += double{v(3, i)} * double{v(4, 128 + i)};
  CHECK(op_test::near(s(3, 4), product, 1e-6));
  CHECK((f(0) == 129 && f(1279) == 2560 && again(9, 127) == 2560));
  CHECK(b == -128 * 1280 + 2432);
}

TEST_CASE("outputs: any is fed like another tensor, behind derivatives too") {
  auto const small = tf::placeholder<"small", double>(tf::shape<2, 2>);
  auto const [a, b] = tf::unstack(tf::square(small));
  auto const loss = tf::reduce_sum(a * b);
  auto const [d, da] = tf::gradients(loss, small, a);
  tf::Session sess;
  CHECK(same(sess.run(b, b = {7.0, 8.0}), {7, 8}));
  CHECK(same(sess.run(a + b, small = {{1, 2}, {3, 4}}, b = {7.0, 8.0}), {8, 12}));
  auto const [value, slope, of_a] = sess.run(tf::fetch(loss, d, da), small = {{1, 2}, {3, 4}}, b = {7.0, 8.0});
  CHECK(value == 39);
  CHECK(same(slope, {14, 32, 6, 32}));
  CHECK(same(of_a, {7, 8}));
}

TEST_CASE("outputs: one op of them is one node with TensorFlow's names") {
  auto const [values, where] = tf::nn::top_k<"best">(x, tf::k<2>);
  auto const y = tf::add<"y">(tf::cast<float>(where), values);
  auto const graph = tf::Graph(y);
  CHECK(graph.to_string() ==
        "x = Placeholder() float [10,256]\n"
        "best = TopKV2(x) float [10,2], int32 [10,2]\n"
        "Cast = Cast(best:1) float [10,2]\n"
        "y = Add(Cast, best) float [10,2]\n");
  CHECK((graph.contains(where) && graph.contains(values) && graph.operations().size() == 4));
  std::string const def = graph.as_graph_def();
  CHECK(def.find("best:1") != std::string::npos);
  CHECK(def.find("^best") == std::string::npos);
  CHECK(graph.to_dot().find("\"best\" [label=\"best\\nTopKV2\\nfloat [10,2]\\nint32 [10,2]\"]") != std::string::npos);
  std::ostringstream text;
  text << where << ' ' << values;
  CHECK(text.str() == "Tensor(\"best:1\", shape=(10, 2), dtype=int32) Tensor(\"best:0\", shape=(10, 2), dtype=float)");
}

TEST_CASE("outputs: variables are read before they are written; numbers ride along") {
  auto const v = tf::variable<"v">(tf::constant({1.0f, 2.0f, 3.0f, 4.0f}));
  auto const scaled = [&](float by) {
    auto const [a, b] = tf::split(v * by, tf::parts<2>);
    return v.assign(tf::concat(tf::axis<0>, b, a + 1.0f));
  };
  tf::Session sess;
  sess.run(tf::global_variables_initializer(v));
  CHECK(same(sess.run(scaled(10)), {30, 40, 11, 21}));
  CHECK(same(sess.run(scaled(2)), {22, 42, 61, 81}));
}
