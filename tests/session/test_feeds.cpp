// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>
#include <span>
#include <string>
#include <support/op_test.hpp>
#include <vector>
#include <xtensor/xarray.hpp>
#include <xtensor/xfixed.hpp>
#include <xtensor/xview.hpp>

namespace tf = tfx;
using op_test::same;
using tf::errors::InvalidArgumentError;

namespace {
constexpr auto n = tf::dim<"n">;
}

TEST_CASE("feed: a number, of this dtype or another") {
  auto const x = tf::placeholder<"x", double>(tf::shape<>);
  tf::Session sess;
  CHECK(sess.run(x * 2, x = 1.5) == 3);
  CHECK(sess.run(x * 2, x = 4) == 8);
  CHECK(sess.run(x * 2, x = 0.25f) == 0.5);
}
TEST_CASE("feed: braced lists of rank 1 to 4") {
  auto const a = tf::placeholder<"a", float>(tf::shape<3>);
  auto const b = tf::placeholder<"b", float>(tf::shape<2, 1>);
  auto const c = tf::placeholder<"c", int>(tf::shape<1, 2, 2>);
  auto const d = tf::placeholder<"d", double>(tf::shape<1, 1, 2, 3>);
  tf::Session sess;
  auto const [va, vb, vc, vd] = sess.run(tf::fetch(a + a, -b, c + c, d + d), a = {1, 2, 3}, b = {{1.5f}, {2.5f}},
                                         c = {{{1, 2}, {3, 4}}}, d = {{{{1, 2, 3}, {4, 5, 6}}}});
  CHECK(same(va, {2, 4, 6}));
  CHECK(same(vb, {-1.5, -2.5}));
  CHECK(same(vc, {2, 4, 6, 8}));
  CHECK(same(vd, {2, 4, 6, 8, 10, 12}));
  CHECK(vd.shape(3) == 3);
}
TEST_CASE("feed: contiguous ranges") {
  auto const x = tf::placeholder<"x", float>(tf::shape<n>);
  auto const y = x * 2;
  std::vector<float> vector{1, 2, 3};
  tf::Session sess;
  CHECK(same(sess.run(y, x = vector), {2, 4, 6}));
  CHECK(same(sess.run(y, x = std::array<float, 2>{5, 6}), {10, 12}));
  CHECK(same(sess.run(y, x = std::span<float const>(vector).first(2)), {2, 4}));
  CHECK(same(sess.run(y, x = std::span<float>(vector).last(1)), {6}));
  CHECK(same(sess.run(y, x = std::vector<int>{7, 8, 9, 10}), {14, 16, 18, 20}));
}
TEST_CASE("feed: std::vector<bool> and lists of bool") {
  auto const p = tf::placeholder<"p", bool>(tf::shape<n>);
  auto const y = tf::where(p, tf::ones(tf::shape<n>), tf::zeros(tf::shape<n>));
  tf::Session sess;
  CHECK(same(sess.run(y, p = std::vector<bool>{true, false, true}), {1, 0, 1}));
  CHECK(same(sess.run(y, p = {false, true}), {0, 1}));
}
TEST_CASE("feed: xtensor containers and expressions, row by row whatever their layout") {
  auto const x = tf::placeholder<"x", float>(tf::shape<n, 3>);
  auto const y = x + 1;
  xt::xtensor<float, 2> const tensor{{1, 2, 3}, {4, 5, 6}};
  xt::xarray<float> const array = tensor;
  xt::xtensor_fixed<float, xt::xshape<2, 3>> const fixed{{1, 2, 3}, {4, 5, 6}};
  xt::xtensor<float, 2, xt::layout_type::column_major> const columns = tensor;
  xt::xtensor<double, 2> const doubles = tensor;
  xt::xtensor<float, 2> const wide{{1, 0, 2, 0, 3, 0}, {9, 9, 9, 9, 9, 9}, {4, 0, 5, 0, 6, 0}};
  std::vector<double> const expected{2, 3, 4, 5, 6, 7};
  tf::Session sess;
  CHECK(same(sess.run(y, x = tensor), expected));
  CHECK(same(sess.run(y, x = array), expected));
  CHECK(same(sess.run(y, x = fixed), expected));
  CHECK(same(sess.run(y, x = columns), expected));
  CHECK(same(sess.run(y, x = doubles), expected));
  CHECK(same(sess.run(y, x = xt::view(wide, xt::range(0, 3, 2), xt::range(0, 6, 2))), expected));
  CHECK(same(sess.run(y, x = tensor * 2.0f - tensor), expected));
  CHECK(same(sess.run(y, x = xt::xarray<int>(tensor)), expected));
}
TEST_CASE("feed: an intermediate tensor cuts what is behind it, a variable is not read") {
  auto const a = tf::placeholder<"a", float>(tf::shape<3>);
  auto const middle = a * 2;
  auto const w = tf::variable<"w">(tf::ones(tf::shape<3>));
  tf::Session sess;
  CHECK(same(sess.run(middle + 1, middle = {1, 1, 1}), {2, 2, 2}));
  CHECK(same(sess.run(w + 1, w = {4, 5, 6}), {5, 6, 7}));  // and needs no value
  CHECK(same(sess.run(middle, middle = {7, 8, 9}), {7, 8, 9}));
}
TEST_CASE("feed: a placeholder that is fetched gives what was fed") {
  auto const x = tf::placeholder<"x", int>(tf::shape<2>);
  tf::Session sess;
  CHECK(same(sess.run(x, x = {3, 4}), {3, 4}));
}
TEST_CASE("feed: an empty batch, and batches of other sizes one after another") {
  auto const x = tf::placeholder<"x", float>(tf::shape<n, 2>);
  auto const w = tf::constant<"w">({{1.0f, 2.0f, 3.0f}, {4.0f, 5.0f, 6.0f}});
  auto const all = tf::fetch(tf::matmul(x, w), tf::reduce_sum(x, tf::axis<0>), tf::reduce_mean(x * x));
  tf::Session sess;
  for (std::size_t const rows : {100u, 1u, 0u, 3u, 100u}) {
    xt::xtensor<float, 2> value(std::array<std::size_t, 2>{rows, 2});
    for (std::size_t i = 0; i < rows; ++i) value(i, 0) = float(i), value(i, 1) = 1;
    auto const [product, sums, mean] = sess.run(all, x = value);
    REQUIRE(product.shape(0) == rows);
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t k = 0; k < 3; ++k) CHECK(product(i, k) == float(i * (k + 1) + k + 4));
    double const count = double(rows);
    CHECK(same(sums, {count * (count - 1) / 2, count}));
    if (rows == 0) {
      CHECK(std::isnan(mean));
    } else {
      CHECK(mean == doctest::Approx(((count - 1) * count * (2 * count - 1) / 6 + count) / (2 * count)));
    }
  }
}
TEST_CASE("feed: a wrong extent is refused with both shapes and the name, and the session goes on") {
  auto const x = tf::placeholder<"inputs", float>(tf::shape<n, 2>);
  auto const y = x + 1;
  tf::Session sess;
  xt::xtensor<float, 2> const wrong = xt::zeros<float>({3, 4});
  CHECK_THROWS_WITH_AS(sess.run(y, x = wrong),
                       "Cannot feed value of shape [3,4] for Tensor 'inputs:0', which has shape [?,2]",
                       InvalidArgumentError);
  CHECK(same(sess.run(y, x = {{1, 2}}), {2, 3}));
}
TEST_CASE("feed: a wrong rank that only the run can see is refused with both shapes") {
  auto const x = tf::placeholder<"inputs", float>(tf::shape<n, 2>);
  tf::Session sess;
  xt::xarray<float> const wrong = xt::zeros<float>({2});
  CHECK_THROWS_WITH_AS(sess.run(x + 1, x = wrong),
                       "Cannot feed value of shape [2] for Tensor 'inputs:0', which has shape [?,2]",
                       InvalidArgumentError);
}
TEST_CASE("feed: a named dimension is one extent in the whole run") {
  auto const p = tf::placeholder<"p", float>(tf::shape<n, 2>);
  auto const q = tf::placeholder<"q", float>(tf::shape<n>);
  auto const y = tf::reduce_sum(p, tf::axis<1>) * q;
  tf::Session sess;
  xt::xtensor<float, 2> const three{{1, 2}, {3, 4}, {5, 6}};
  CHECK(same(sess.run(y, p = three, q = std::vector<float>{1, 10, 100}), {3, 70, 1100}));
  CHECK_THROWS_WITH_AS(sess.run(y, p = three, q = std::vector<float>{1, 10}),
                       "Cannot feed value of shape [2] for Tensor 'q:0': dimension 'n' is 3 in this run, not 2",
                       InvalidArgumentError);
}
TEST_CASE("feed: two dyn extents that an op binds together must agree") {
  auto const p = tf::placeholder<"p", float>(tf::shape<tf::dyn>);
  auto const q = tf::placeholder<"q", float>(tf::shape<tf::dyn>);
  tf::Session sess;
  std::vector<float> const one{1}, two{1, 2};
  CHECK(same(sess.run(p + q, p = two, q = two), {2, 4}));
  CHECK_THROWS_AS(sess.run(p + q, p = two, q = one), InvalidArgumentError);  // dyn never broadcasts
}
TEST_CASE("feed: what nothing depends on is checked all the same") {
  auto const p = tf::placeholder<"p", float>(tf::shape<n>);
  auto const q = tf::placeholder<"q", float>(tf::shape<n>);
  tf::Session sess;
  std::vector<float> const one{1}, two{1, 2};
  auto const y = q * p;
  auto const cut = y + p;  // q stands behind y, which is fed
  CHECK(same(sess.run(cut, y = two, p = two), {2, 4}));
  CHECK_THROWS_AS(sess.run(cut, y = one, p = two), InvalidArgumentError);
}
TEST_CASE("feed: placeholders without a shape are specialised to each run") {
  auto const u = tf::placeholder<"u", float>();
  auto const v = tf::placeholder<"v", float>();
  tf::Session sess;
  CHECK(sess.run(u + v, u = 3.0f, v = 4.5f) == 7.5f);
  CHECK(same(sess.run(u + v, u = {1, 3}, v = {2, 4}), {3, 7}));
  CHECK(same(sess.run(u + v, u = {{1, 2}, {3, 4}}, v = {10, 20}), {11, 22, 13, 24}));
  CHECK(same(sess.run(u + v, u = xt::xtensor<float, 2>{{1}, {2}}, v = 1), {2, 3}));
  CHECK(std::isinf(sess.run(u / v, u = 1.0f, v = 0.0f)));
}
TEST_CASE("feed: gradients and reductions of a placeholder without a shape") {
  auto const u = tf::placeholder<"u", double>();
  auto const loss = tf::reduce_sum(tf::square(u));
  auto const [du] = tf::gradients(loss, u);
  tf::Session sess;
  CHECK(same(sess.run(du, u = {{1, 2}, {3, 4}}), {2, 4, 6, 8}));
  CHECK(sess.run(du, u = 5.0) == 10);
}
TEST_CASE("feed: strings") {
  auto const s = tf::placeholder<"s", std::string>(tf::shape<>);
  tf::Session sess;
  CHECK(sess.run(s, s = "a literal") == "a literal");
  CHECK(sess.run(s, s = std::string("a string")) == "a string");
  auto const list = tf::placeholder<"list", std::string>(tf::shape<tf::dyn>);
  auto const table = tf::placeholder<"table", std::string>(tf::shape<2, tf::dyn>);
  auto const two = sess.run(list, list = {"one", "another, too long for a short string"});
  CHECK(two(0) == "one");
  CHECK(two(1) == "another, too long for a short string");
  auto const three = sess.run(list, list = {"a", "b", "c"});
  CHECK(three.shape(0) == 3);
  CHECK(three(2) == "c");
  auto const [t, l] = sess.run(tf::fetch(table, list), table = {{"a", "b"}, {"c", "d"}}, list = {"x"});
  CHECK(t(1, 0) == "c");
  CHECK(l(0) == "x");
}

TEST_CASE("feed: a number that does not fit the tensor's dtype is refused") {
  auto const i = tf::placeholder<"i", int>(tf::shape<>);
  auto const list = tf::placeholder<"list", int>(tf::shape<tf::dyn>);
  auto const bytes = tf::placeholder<"bytes", std::uint8_t>(tf::shape<tf::dyn>);
  auto const p = tf::placeholder<"p", bool>(tf::shape<tf::dyn>);
  auto const x = tf::placeholder<"x", float>(tf::shape<>);
  tf::Session sess;
  CHECK_THROWS_WITH_AS(sess.run(i, i = 1.9),
                       "The value 1.9 for Tensor 'i:0' does not fit dtype int32\n"
                       "help: give numbers of that dtype, or a tensor of a larger one",
                       InvalidArgumentError);
  for (double const bad : {1e10, -3e9, std::nan(""), double(INFINITY), 2147483648.0})
    CHECK_THROWS_AS(sess.run(i, i = bad), InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(i, i = 3000000000), InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(list, list = std::vector<std::int64_t>{1, std::int64_t{1} << 33}), InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(list, list = xt::xtensor<double, 1>{1, 2.5}), InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(bytes, bytes = {300, 1}), InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(bytes, bytes = {-1, 1}), InvalidArgumentError);
  CHECK_THROWS_AS(sess.run(p, p = {2, 1}), InvalidArgumentError);
  CHECK(sess.run(i + 1, i = -2147483648.0) == -2147483647);
  CHECK(same(sess.run(list, list = std::vector<double>{1, -2}), {1, -2}));
  CHECK(std::isinf(sess.run(x, x = 1e300)));  // as TensorFlow and numpy
}
