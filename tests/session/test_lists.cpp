// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <deque>
#include <support/op_test.hpp>
#include <vector>
#include <xtensor/xarray.hpp>
#include <xtensor/xview.hpp>

namespace tf = tfx;
using op_test::same;
using tf::errors::InvalidArgumentError;

namespace {
constexpr auto n = tf::dim<"n">;
}

TEST_CASE("feed: lists of several types take the tensor's dtype") {
  auto const x = tf::placeholder<"x", float>(tf::shape<n>);
  auto const table = tf::placeholder<"table", double>(tf::shape<tf::dyn, tf::dyn>);
  auto const cube = tf::placeholder<"cube", float>(tf::shape<tf::dyn, tf::dyn, tf::dyn>);
  auto const i = tf::placeholder<"i", int>(tf::shape<tf::dyn>);
  auto const late = tf::placeholder<"late", float>();
  auto const text = tf::placeholder<"text", std::string>(tf::shape<tf::dyn>);
  int const one = 1;
  double const half = 0.5;
  std::string const word = "word";
  tf::Session sess;
  CHECK(same(sess.run(x * 1, x = {1, 2.5f, -3}), {1, 2.5, -3}));
  CHECK(same(sess.run(x * 1, x = {one, half, 3u}), {1, 0.5, 3}));
  CHECK(same(sess.run(table * 1, table = {{1000, 0}, {1e30f, 2}}), {1000, 0, double(1e30f), 2}));
  CHECK(same(sess.run(table * 1, table = {{1}, {2.5f}}), {1, 2.5}));
  CHECK(same(sess.run(cube * 1, cube = {{{1, 2.5}}, {{3, 4}}}), {1, 2.5, 3, 4}));
  CHECK(same(sess.run(cube * 1, cube = {{{1}}, {{3}}}), {1, 3}));
  CHECK(same(sess.run(late * 1, late = {{1, 2.5f}, {3, 4}}), {1, 2.5, 3, 4}));
  CHECK(same(sess.run(late * 1, late = {{{1}, {2}}}), {1, 2}));
  CHECK(same(sess.run(i + 0, i = {1, 2u, std::int64_t{3}}), {1, 2, 3}));
  CHECK(sess.run(text, text = {"a", word})(1) == "word");
  CHECK_THROWS_AS(sess.run(i + 0, i = {1, 1.5}), InvalidArgumentError);
  CHECK_THROWS_WITH_AS(sess.run(cube, cube = {{{1, 2.5f}, {1}}}),
                       "Argument must be a dense tensor: the value for Tensor 'cube:0' is ragged - got shape [1], but "
                       "wanted [2]",
                       InvalidArgumentError);
}
TEST_CASE("feed: an empty list is an empty tensor of the declared rank") {
  auto x = tf::placeholder<"x", float>(tf::shape<n>);  // not const: `x = {}` could be an assignment
  auto const rows = tf::placeholder<"rows", float>(tf::shape<n, 3>);
  auto const three = tf::placeholder<"three", float>(tf::shape<3>);
  auto const late = tf::placeholder<"late", float>();
  tf::Session sess;
  CHECK(sess.run(tf::reduce_sum(x), x = {}) == 0);
  CHECK(sess.run(rows, rows = {}).shape() == std::array<std::size_t, 2>{0, 3});
  CHECK(sess.run(late, late = {}).size() == 0);
  CHECK_THROWS_WITH_AS(sess.run(three, three = {}),
                       "Cannot feed value of shape [0] for Tensor 'three:0', which has shape [3]",
                       InvalidArgumentError);
}
TEST_CASE("feed: lists of lists and of containers, of any depth") {
  auto const m = tf::placeholder<"m", float>(tf::shape<tf::dyn, tf::dyn>);
  auto const cube = tf::placeholder<"cube", double>(tf::shape<tf::dyn, tf::dyn, tf::dyn>);
  auto const x = tf::placeholder<"x", int>(tf::shape<tf::dyn>);
  using row = xt::xtensor<float, 1>;
  std::vector<std::vector<float>> const rows{{1, 2}, {3, 4}}, ragged{{1, 2}, {3}};
  std::array<std::array<double, 2>, 2> const square{{{1, 2}, {3, 4}}};
  float raw[2][2] = {{1, 2}, {3, 4}};
  tf::Session sess;
  CHECK(same(sess.run(m * 1, m = rows), {1, 2, 3, 4}));
  CHECK(same(sess.run(m * 1, m = square), {1, 2, 3, 4}));
  CHECK(same(sess.run(m * 1, m = raw), {1, 2, 3, 4}));
  CHECK(same(sess.run(m * 1, m = std::vector<std::array<float, 2>>{{1, 2}, {3, 4}}), {1, 2, 3, 4}));
  CHECK(same(sess.run(m * 1, m = std::vector<row>{{1, 2}, {3, 4}}), {1, 2, 3, 4}));
  CHECK(same(sess.run(m * 1, m = {row{1, 2}, row{3, 4}}), {1, 2, 3, 4}));
  CHECK(same(sess.run(cube * 1, cube = std::vector<std::vector<std::vector<int>>>{{{1, 2}}, {{3, 4}}}), {1, 2, 3, 4}));
  CHECK(same(sess.run(x * 1, x = std::deque<short>{1, 2}), {1, 2}));
  CHECK(sess.run(m, m = std::vector<std::vector<float>>{}).size() == 0);
  CHECK_THROWS_WITH_AS(sess.run(m, m = ragged),
                       "Argument must be a dense tensor: the value for Tensor 'm:0' is ragged - got shape [1], but "
                       "wanted [2]",
                       InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(m, m = std::vector<xt::xarray<float>>{{1, 2}, {3}}), InvalidArgumentError);
}
TEST_CASE("feed: one that is kept owns what was a temporary") {
  auto const x = tf::placeholder<"x", float>(tf::shape<n>);
  auto const s = tf::placeholder<"s", std::string>(tf::shape<tf::dyn>);
  auto const scalar = tf::placeholder<"scalar", float>(tf::shape<>);
  auto const sum = tf::reduce_sum(x);
  auto const made = [&](int count) {
    std::vector<float> values(static_cast<std::size_t>(count), 2.0f);
    return x = std::move(values);
  };
  auto const number = [&](float value) { return scalar = value; };
  tf::Session sess;
  auto const vector = (x = std::vector<float>{1, 2, 3});
  auto const list = (x = {4, 5, 6});
  auto const mixed = (x = {4, 5.5});
  auto const words = (s = {"one", std::string("another, too long for a short string")});
  auto const row = (x = xt::view(xt::xtensor<float, 2>{{1, 2}, {3, 4}}, 1, xt::all()));
  auto const items = (x = std::initializer_list<int>{1, 2});
  CHECK(sess.run(sum, vector) == 6);
  CHECK(sess.run(sum, list) == 15);
  CHECK(sess.run(sum, mixed) == 9.5);
  CHECK(sess.run(sum, row) == 7);
  CHECK(sess.run(sum, items) == 3);
  CHECK(sess.run(sum, made(100)) == 200);
  CHECK(sess.run(scalar + 1, number(3)) == 4);
  CHECK(sess.run(s, words)(1) == "another, too long for a short string");
  auto const copy = vector;
  CHECK(sess.run(sum, copy) == 6);
}
TEST_CASE("feed: one of a tensor in which numbers ride owns its value") {
  auto const x = tf::placeholder<"x", float>(tf::shape<n>);
  auto const twice = x * 2.0f;
  auto const kept = [&] {
    std::vector<float> const values{1, 2};
    return twice = values;
  }();
  tf::Session sess;
  CHECK(sess.run(tf::reduce_sum(twice), kept) == 3);
}
TEST_CASE("feed: what stays where it is cannot be kept by accident") {
  auto const x = tf::placeholder<"x", float>(tf::shape<n>);
  std::vector<float> values{1, 2};
  using lent = decltype(x = values);
  static_assert(std::is_reference_v<lent> && !std::is_copy_constructible_v<std::remove_cvref_t<lent>>);
  auto const& feed = (x = values);
  values[0] = 5;
  tf::Session sess;
  CHECK(sess.run(tf::reduce_sum(x), feed) == 7);
}
TEST_CASE("feed: a list that a variable cannot be assigned is refused by the run, as other values are") {
  auto const x = tf::placeholder<"x", float>(tf::shape<n>);
  auto const v = tf::variable<"v">({1.0f, 2.0f});
  tf::Session sess;
  sess.run(v.initializer());
  CHECK_THROWS_WITH_AS(sess.run(v.assign(x), x = {1, 2, 3}),
                       "Assign requires shapes of both tensors to match. lhs shape= [2] rhs shape= [3]\n"
                       "\t[[{{node v/Assign}}]]",
                       InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(v.assign(x), x = {1}), InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(v.assign(x), x = {}), InvalidArgumentError);
  CHECK(sess.run(tf::reduce_sum(v)) == 3);
  sess.run(v.assign(x), x = {4, 5});
  CHECK(sess.run(tf::reduce_sum(v)) == 9);
}
