// SPDX-License-Identifier: Apache-2.0
// covers: index where equal not_equal size
#include <sstream>
#include <support/op_test.hpp>

namespace tf = tfx;
using op_test::same;
using tf::errors::InvalidArgumentError;

namespace {
constexpr auto batch = tf::dim<"batch">;
auto const m = tf::placeholder<"m", double>(tf::shape<batch, 3>);
auto const i = tf::placeholder<"i", int>(tf::shape<>);
xt::xtensor<double, 2> const two{{1, 2, 3}, {4, 5, 6}};

auto pick(auto x, int at) { return x[at]; }
std::string printed(auto const& x) {
  std::ostringstream text;
  text << x;
  return text.str();
}
}  // namespace

TEST_CASE("index: along the first axis, along several, from the end, by a tensor") {
  tf::Session sess;
  auto const [a, b, c, d, e, f, g] =
      sess.run(tf::fetch(m[1], m[-2], m(tf::all, 0), m(1, -1), m(tf::all, i), m[i](2), m(tf::index<0>, tf::all)),
               m = two, i = 1);
  CHECK(same(a, {4, 5, 6}));
  CHECK(same(b, {1, 2, 3}));
  CHECK(same(c, {1, 4}));
  CHECK(d == 6);
  CHECK(same(e, {2, 5}));
  CHECK(f == 6);
  CHECK(same(g, {1, 2, 3}));
  auto const x = tf::placeholder<"x", int>(tf::shape<2, 3, 2>);
  xt::xtensor<int, 3> const value{{{1, 2}, {3, 4}, {5, 6}}, {{7, 8}, {9, 10}, {11, 12}}};
  CHECK(same(sess.run(x(1, tf::all, 0), x = value), {7, 9, 11}));
  CHECK(same(sess.run(x(tf::all, 2), x = value), {5, 6, 11, 12}));
  auto const s = tf::constant({"a", "a text that is longer than fifteen letters"});
  CHECK(sess.run(s[1]).size() > 15);
}
TEST_CASE("index: several in one graph, with other numbers, in one expression and in a helper") {
  tf::Session sess;
  CHECK(same(sess.run(m[0] + m[1], m = two), {5, 7, 9}));
  CHECK(sess.run(m(1, 0) - m(0, 1) * m(1, 2), m = two) == 4 - 2 * 6);
  CHECK(same(sess.run(m(tf::all, -1) * m(tf::all, 0), m = two), {3, 24}));
  CHECK(same(sess.run(pick(m, 0) - pick(m, 1), m = two), {-3, -3, -3}));
  CHECK(sess.run(m[1][2] + m[0][1], m = two) == 8);
  CHECK(same(sess.run(tf::stack(m[1], m[0]), m = two), {4, 5, 6, 1, 2, 3}));
}
TEST_CASE("index: what stands behind several of them is computed once") {
  auto const w = tf::variable<"w">(tf::zeros<double>(tf::shape<2>));
  auto const after = tf::with_dependencies(w.assign_add(tf::ones<double>(tf::shape<2>)), w * 1.0);
  auto const noise = tf::random_normal<double>(tf::shape<4>);
  tf::Session sess;
  sess.run(w.initializer());
  CHECK(sess.run(after[0] + after[1]) == 2);
  CHECK(same(sess.run(w), {1, 1}));
  CHECK(sess.run(noise[2] - noise[2]) == 0);
}
TEST_CASE("index: derivatives of first and second order, static and symbolic") {
  auto const build = [](auto x) { return x[1] * x[0] * x(1, tf::all) + x(tf::all, -1)[0]; };
  op_test::check_gradient(tf::shape<2, 3>, std::array<std::size_t, 2>{2, 3}, op_test::spread(6, -1, 1), build);
  op_test::check_gradient(tf::shape<batch, 3>, std::array<std::size_t, 2>{2, 3}, op_test::spread(6, -1, 1), build);
}
TEST_CASE("index: none that no element has, in a value nor in its gradient") {
  tf::Session sess;
  for (int at : {2, -3, 100}) {
    CHECK_THROWS_AS(sess.run(m[at], m = two), InvalidArgumentError);
    CHECK_THROWS_AS(sess.run(std::get<0>(tf::gradients(m[at], m)), m = two), InvalidArgumentError);
    CHECK_THROWS_AS(sess.run(m[i], m = two, i = at), InvalidArgumentError);
  }
  CHECK_THROWS_WITH_AS(sess.run(m(0, 3), m = two), "slice index 3 of dimension 1 out of bounds.", InvalidArgumentError);
}

TEST_CASE("where: between two plain numbers, which give the dtype") {
  tf::Session sess;
  auto const a = tf::where(m > 2.0, 1.0f, 0.0f);
  auto const b = tf::where(m > 5.0, 7, -1);
  static_assert(std::is_same_v<decltype(a)::value_type, float> && std::is_same_v<decltype(b)::value_type, int>);
  CHECK(same(sess.run(a, m = two), {0, 0, 1, 1, 1, 1}));
  CHECK(same(sess.run(b, m = two), {-1, -1, -1, -1, -1, 7}));
  CHECK(same(sess.run(tf::where(m > 2.0, 1, 0) + tf::where(m > 3.0, 10, 20), m = two), {20, 20, 21, 11, 11, 11}));
}
TEST_CASE("size: how many elements there are, whatever tells the shape") {
  tf::Session sess;
  auto const [n, static_n, large] =
      sess.run(tf::fetch(tf::size(m), tf::size(tf::zeros(tf::shape<4, 5>)), tf::size<std::int64_t>(m * 2.0)), m = two);
  CHECK(n == 6);
  CHECK(static_n == 20);
  CHECK(large == 6);
  CHECK(sess.run(tf::size(m), m = xt::xtensor<double, 2>(std::array<std::size_t, 2>{0, 3})) == 0);
}
TEST_CASE("printing: an expression's name, shape and dtype") {
  CHECK(printed(m) == "Tensor(\"m:0\", shape=(batch, 3), dtype=double)");
  CHECK(printed(i) == "Tensor(\"i:0\", shape=(), dtype=int32)");
  CHECK(printed(tf::reduce_sum(m, tf::axis<1>)) == "Tensor(\"Sum:0\", shape=(batch,), dtype=double)");
  CHECK(printed(tf::placeholder<"u", float>()) == "Tensor(\"u:0\", shape=<unknown>, dtype=float)");
  CHECK(printed(tf::variable<"w">(tf::ones(tf::shape<12>))) == "Tensor(\"w:0\", shape=(12,), dtype=float)");
  CHECK(printed(tf::group<"all">(m)) == "Operation(\"all\")");
}
