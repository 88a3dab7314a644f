// SPDX-License-Identifier: Apache-2.0
// covers: placeholder constant identity stop_gradient variable gradients
#include <xtensor/xarray.hpp>
#include "support/op_test.hpp"

namespace tf = tfx;
using namespace op_test;

TEST_CASE("constant: numbers, lists of any rank, containers and strings keep dtype, shape and value") {
  tf::Session sess;
  auto const cube = tf::constant<double>({{{1, 2}, {3, 4}}, {{5, 6}, {7, 8}}});
  static_assert(std::is_same_v<decltype(cube)::value_type, double>);
  static_assert(decltype(cube)::shape_type::value == tf::dims{3, {2, 2, 2}});
  xt::xtensor<float, 2> const table = {{1, 2, 3}, {4, 5, 6}};
  auto const [a, b, c, d, e] = sess.run(tf::fetch(tf::constant(true), tf::constant<"big">(std::int64_t{1} << 40), cube,
                                                  tf::constant(table), tf::constant(std::string("hello"))));
  CHECK(a);
  CHECK(b == std::int64_t{1} << 40);
  CHECK(same(c, {1, 2, 3, 4, 5, 6, 7, 8}));
  CHECK(same(d, {1, 2, 3, 4, 5, 6}));
  CHECK(e == "hello");
}

TEST_CASE("constant: a list with a dtype has as many axes as one without") {
  tf::Session sess;
  auto const check = [&](auto const& e, tf::dims const& shape) {
    CHECK(std::remove_cvref_t<decltype(e)>::shape_type::value == shape);
    CHECK(same(sess.run(e), {1, 2}));
  };
  check(tf::constant<float>({{1}, {2}}), {2, {2, 1}});
  check(tf::constant<float>({{{1}, {2}}}), {3, {1, 2, 1}});
  check(tf::constant<float>({{{{1}, {2}}}}), {4, {1, 1, 2, 1}});
  check(tf::constant<float>({{{{1}}, {{2}}}}), {4, {1, 2, 1, 1}});
  check(tf::constant<float>({{{{1, 2}}}}), {4, {1, 1, 1, 2}});
  check(tf::constant<"b", float>({{{{1}, {2}}}}), {4, {1, 1, 2, 1}});
  check(tf::constant({{{{1.0f}, {2.0f}}}}), {4, {1, 1, 2, 1}});
  check(tf::constant<float>({{{{1, 2.0}}}}), {4, {1, 1, 1, 2}});
  check(tf::constant<"c", float>({{{{1, 2.0}}}}), {4, {1, 1, 1, 2}});
  check(tf::constant<"d", float>({{{1, 2.0}}}), {3, {1, 1, 2}});
}

TEST_CASE("constant: a list of texts is a tensor of strings, also of one and of two") {
  using texts = std::vector<std::string>;
  tf::Session sess;
  auto const check = [&](auto const& e, tf::dims const& shape, std::initializer_list<std::string> expected) {
    static_assert(std::is_same_v<typename std::remove_cvref_t<decltype(e)>::value_type, std::string>);
    CHECK(std::remove_cvref_t<decltype(e)>::shape_type::value == shape);
    auto const value = sess.run(e);
    CHECK(texts(value.begin(), value.end()) == texts(expected));
  };
  std::string const p = "a text of more than fifteen letters", q = "q";
  check(tf::constant({"abc", "xyz"}), {1, {2}}, {"abc", "xyz"});
  check(tf::constant({"a"}), {1, {1}}, {"a"});
  check(tf::constant({"a", "bcd", ""}), {1, {3}}, {"a", "bcd", ""});
  check(tf::constant({p, q}), {1, {2}}, {p, q});
  check(tf::constant({p}), {1, {1}}, {p});
  check(tf::constant({"a", q}), {1, {2}}, {"a", q});
  check(tf::constant({{"a", "b"}, {"c", "d"}}), {2, {2, 2}}, {"a", "b", "c", "d"});
  check(tf::constant({{"ab", "cd"}}), {2, {1, 2}}, {"ab", "cd"});
  check(tf::constant({{p, q}, {q, p}}), {2, {2, 2}}, {p, q, q, p});
  check(tf::constant({{{"a"}, {"b"}}, {{"c"}, {"d"}}}), {3, {2, 2, 1}}, {"a", "b", "c", "d"});
  check(tf::constant<"names">({"a", "b"}), {1, {2}}, {"a", "b"});
  check(tf::constant<std::string>({"a", "b"}), {1, {2}}, {"a", "b"});
  check(tf::constant<"typed", std::string>({"a", "b"}), {1, {2}}, {"a", "b"});
  CHECK(sess.run(tf::constant(p)) == p);
}

TEST_CASE("constant: equal lists in different places are different constants") {
  tf::Session sess;
  auto const a = tf::constant<float>({{1, 2}, {3, 4}});
  auto const b = tf::constant<float>({{5, 6}, {7, 8}});
  CHECK(same(sess.run(tf::matmul(a, b) + tf::matmul(b, a)), {42, 56, 74, 96}));
}

TEST_CASE("identity, stop_gradient: the value itself; only one of them lets derivatives through") {
  auto const x = tf::placeholder<"x", double>(tf::shape<tf::dyn>);
  auto const [g] = tf::gradients(tf::identity<"same">(x) * tf::stop_gradient(tf::square(x)), x);
  tf::Session sess;
  auto const [y, dx] = sess.run(tf::fetch(tf::identity(x), g), x = {2.0, -3.0});
  CHECK(same(y, {2, -3}));
  CHECK(same(dx, {4, 9}));
}

TEST_CASE("constant: expressions that are copied and assigned share their elements") {
  auto const of = [](float v) { return tf::constant({v, v}); };
  auto a = of(1);
  auto const sum = of(1) + 2;
  {
    auto const b = of(2);
    a = b;
  }
  auto const& self = a;
  a = self;
  auto const copy = a;
  tf::Session sess;
  CHECK(same(sess.run(a), {2, 2}));
  CHECK(same(sess.run(sum), {3, 3}));
  CHECK(same(sess.run(copy), {2, 2}));
}

TEST_CASE("variable: numbers, expressions and late dtypes make initial values") {
  auto const w = tf::variable<"w">(2.5f);
  auto const m = tf::variable<"m">(tf::constant({{1, 2}, {3, 4}}));
  auto const z = tf::variable<"z">(tf::ones<double>(tf::shape<3>) * 2.0);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(w, m, z));
  auto const [wv, mv, zv] = sess.run(tf::fetch(w, m, z));
  CHECK(wv == 2.5f);
  CHECK(same(mv, {1, 2, 3, 4}));
  CHECK(same(zv, {2, 2, 2}));
}

TEST_CASE("gradients: of several tensors at once, along what they share") {
  auto const x = tf::placeholder<"x", double>(tf::shape<>);
  auto const y = tf::placeholder<"y", double>(tf::shape<>);
  auto const [dx, dy] = tf::gradients(x * x * y + tf::sin(y), x, y);
  auto const [dxdy] = tf::gradients(dx, y);
  tf::Session sess;
  auto const [a, b, c] = sess.run(tf::fetch(dx, dy, dxdy), x = 3.0, y = 0.5);
  CHECK(near(a, 3.0, 1e-12));
  CHECK(near(b, 9.0 + std::cos(0.5), 1e-12));
  CHECK(near(c, 6.0, 1e-12));
}

TEST_CASE("placeholder: every run gives its value; without a shape it takes that of what is fed") {
  auto const x = tf::placeholder<"x", int>(tf::shape<2>);
  auto const rows = tf::placeholder<"rows", float>(tf::shape<tf::dyn, 2>);
  auto const late = tf::placeholder<"late", double>();
  tf::Session sess;
  CHECK(op_test::same(sess.run(x, x = {1, 2}), {1, 2}));
  CHECK(op_test::same(sess.run(x, x = {3, 4}), {3, 4}));
  CHECK(sess.run(tf::reduce_sum(rows), rows = {{1, 2}, {3, 4}, {5, 6}}) == 21);
  CHECK(sess.run(tf::reduce_sum(rows), rows = {{1, 2}}) == 3);
  CHECK(op_test::same(sess.run(late * 2.0, late = {{1, 2, 3}}), {2, 4, 6}));
  CHECK(sess.run(late * 2.0, late = 4) == 8);
}
