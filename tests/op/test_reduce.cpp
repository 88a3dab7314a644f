// SPDX-License-Identifier: Apache-2.0
// covers: reduce_sum reduce_mean reduce_max reduce_min reduce_prod reduce_all reduce_any reduce_logsumexp
// covers: broadcast_to reshape size linear_recurrence
#include <support/op_test.hpp>

namespace tf = tfx;
using op_test::infinity;
using op_test::not_a_number;
using op_test::same;
using op_test::spread;

namespace {
constexpr auto n = tf::shape<tf::dim<"n">>;
constexpr auto matrix = tf::shape<tf::dim<"n">, 5>;
constexpr double lowest = std::numeric_limits<std::int32_t>::lowest();

/// Rows or columns of values, folded one by one.
std::vector<double> fold(std::vector<double> const& x, std::size_t columns, int axis, double start,
                         double (*f)(double, double)) {
  std::size_t const rows = x.size() / columns;
  std::vector<double> out(axis < 0 ? 1 : axis == 0 ? columns : rows, start);
  for (std::size_t i = 0; i < x.size(); ++i) {
    double& to = out[axis < 0 ? 0 : axis == 0 ? i % columns : i / columns];
    to = f(to, x[i]);
  }
  return out;
}
double add(double a, double b) { return a + b; }
double multiply(double a, double b) { return a * b; }
double larger(double a, double b) { return std::max(a, b); }
double smaller(double a, double b) { return std::min(a, b); }

template <class T, class A>
void check_fold(A axes, int axis) {
  auto const x = tf::placeholder<"x", T>(matrix);
  tf::Session sess;
  for (std::size_t rows : {1u, 3u, 17u, 33u, 0u}) {
    CAPTURE(rows);
    std::vector<double> const at = spread(5 * rows, -1.5, 1.5);
    auto [sum, mean, max, min, product] =
        sess.run(tf::fetch(tf::reduce_sum(x, axes), tf::reduce_mean(x, axes), tf::reduce_max(x, axes),
                           tf::reduce_min(x, axes), tf::reduce_prod(x, axes)),
                 x = op_test::tensor<T, 2>({rows, 5}, at));
    std::vector<double> sums = fold(at, 5, axis, 0, add);
    double const tolerance = std::is_same_v<T, float> ? 1e-5 : 1e-12;
    CHECK(same(sum, sums, tolerance));
    double const count = axis < 0 ? double(5 * rows) : axis == 0 ? double(rows) : 5.0;
    for (double& s : sums) s /= count;
    CHECK(same(mean, sums, tolerance));
    CHECK(same(max, fold(at, 5, axis, -infinity, larger), tolerance));
    CHECK(same(min, fold(at, 5, axis, infinity, smaller), tolerance));
    CHECK(same(product, fold(at, 5, axis, 1, multiply), tolerance));
  }
}
}  // namespace

TEST_CASE("reduce: rows, columns and all, at odd sizes and of nothing") {
  check_fold<float>(tf::all_axes{}, -1);
  check_fold<float>(tf::axis<0>, 0);
  check_fold<double>(tf::axis<-1>, 1);
}

TEST_CASE("reduce: gradients of a symbolic batch") {
  std::vector<double> const at = spread(15, 0.5, 1.5);
  op_test::check_gradient(
      matrix, std::array<std::size_t, 2>{3, 5}, at, [](auto x) { return tf::reduce_sum(tf::square(x), tf::axis<0>); },
      [](auto x) { return tf::square(tf::reduce_mean(x, tf::axis<1>)); },
      [](auto x) { return tf::square(tf::reduce_max(x, tf::axis<0>)); },
      [](auto x) { return tf::square(tf::reduce_min(x)); });
  op_test::check_gradient(
      matrix, std::array<std::size_t, 2>{3, 5}, at, [](auto x) { return tf::reduce_prod(x, tf::axis<1>); },
      [](auto x) { return tf::reduce_logsumexp(x, tf::axis<0>); },
      [](auto x) { return tf::reduce_logsumexp(x, tf::axes<0, 1>, tf::keepdims); });
}

TEST_CASE("reduce: gradients of a static shape of three dimensions") {
  op_test::check_gradient(
      tf::shape<2, 3, 2>, std::array<std::size_t, 3>{2, 3, 2}, spread(12, 0.5, 1.5),
      [](auto x) { return tf::reduce_prod(x, tf::axes<0, 2>, tf::keepdims); },
      [](auto x) { return tf::reduce_mean(tf::square(x), tf::axes<0, 2>, tf::keepdims); },
      [](auto x) { return tf::square(tf::reshape(x, tf::shape<4, -1>)); },
      [](auto x) { return tf::square(tf::broadcast_to(x, tf::shape<2, 2, 3, 2>)); });
}

TEST_CASE("reduce_max, reduce_min: ties share the gradient, NaN is passed on") {
  auto const x = tf::placeholder<"x", double>(tf::shape<2, 4>);
  auto const max = tf::reduce_max(x, tf::axis<1>);
  auto const min = tf::reduce_min(x, tf::axis<1>);
  auto const [dmax] = tf::gradients(max, x);
  auto const [dmin] = tf::gradients(min, x);
  tf::Session sess;
  auto [gmax, gmin] = sess.run(tf::fetch(dmax, dmin), x = {{1., 4., 4., 1.}, {3., 3., 3., 3.}});
  CHECK(same(gmax, {0, 0.5, 0.5, 0, 0.25, 0.25, 0.25, 0.25}));
  CHECK(same(gmin, {0.5, 0, 0, 0.5, 0.25, 0.25, 0.25, 0.25}));
  auto [m, l] = sess.run(tf::fetch(max, min), x = {{1., not_a_number, 4., 1.}, {3., infinity, -infinity, 3.}});
  CHECK(same(m, {not_a_number, infinity}));
  CHECK(same(l, {not_a_number, -infinity}));
}

namespace {
/// The gradient of the product of `values`, and the gradient of the sum of that.
template <class T>
std::array<std::vector<double>, 2> product_derivatives(std::vector<T> const& values) {
  auto const x = tf::placeholder<"x", T>(n);
  auto const [dx] = tf::gradients(tf::reduce_prod(x), x);
  auto const [second] = tf::gradients(dx, x);
  auto const [first, again] = tf::Session().run(tf::fetch(dx, second), x = values);
  return {op_test::flat(first), op_test::flat(again)};
}
template <class T>
void check_product(std::vector<T> const& values, std::vector<double> const& first, std::vector<double> const& second) {
  auto const got = product_derivatives(values);
  for (std::size_t i = 0; i < values.size(); ++i) {
    CAPTURE(i);
    CHECK(std::abs(got[0][i] - first[i]) <= 1e-6 * first[i]);
    CHECK(std::abs(got[1][i] - second[i]) <= 1e-6 * second[i]);
  }
}
}  // namespace

TEST_CASE("reduce_prod: derivatives of tiny and huge numbers, with zeros and of nothing") {
  check_product<float>({1e-30f, 1e-20f}, {1e-20, 1e-30}, {1, 1});
  check_product<float>({1e30f, 1e20f}, {1e20, 1e30}, {1, 1});
  check_product<double>({1e-300, 1e-200, 4}, {4e-200, 4e-300, 0}, {4, 4, 1e-200});
  check_product<double>({0, 2, 3}, {6, 0, 0}, {5, 3, 2});
  check_product<double>({2, 0, 3, 0, 1}, {0, 0, 0, 0, 0}, {0, 6, 0, 6, 0});
  check_product<double>({0, 0, 0}, {0, 0, 0}, {0, 0, 0});
  check_product<float>({5}, {1}, {0});
  check_product<float>({}, {}, {});
}
TEST_CASE("reduce_prod: infinities and NaN reach the derivatives of the others only") {
  float const inf = float(infinity), nan = float(not_a_number);
  auto const check = [](std::vector<float> const& values, std::vector<double> const& first,
                        std::vector<double> const& second) {
    auto const got = product_derivatives(values);
    CHECK(same(got[0], first));
    CHECK(same(got[1], second));
  };
  check({inf, 2}, {2, infinity}, {1, 1});
  check({inf, 2, 3}, {6, infinity, infinity}, {5, infinity, infinity});
  check({2, 3, -inf}, {-infinity, -infinity, 6}, {-infinity, -infinity, 5});
  check({nan, 2, 3}, {6, not_a_number, not_a_number}, {5, not_a_number, not_a_number});
  check({0, inf}, {infinity, 0}, {1, 1});
}
TEST_CASE("reduce_prod: derivatives where some elements are 0, along any axes") {
  std::vector<double> at = spread(24, 0.5, 1.5);
  for (std::size_t zero : {3u, 10u, 11u, 17u}) at[zero] = 0;
  op_test::check_gradient(
      tf::shape<tf::dim<"n">, 3, tf::dim<"k">>, std::array<std::size_t, 3>{2, 3, 4}, at,
      [](auto x) { return tf::reduce_prod(x, tf::axes<2, 0>, tf::keepdims); },
      [](auto x) { return tf::reduce_prod(x, tf::axis<1>); });
  op_test::check_gradient(
      tf::shape<2, 3, 4>, std::array<std::size_t, 3>{2, 3, 4}, at, [](auto x) { return tf::reduce_prod(x); },
      [](auto x) { return tf::reduce_prod(x, tf::axes<-1, 1>); },
      [](auto x) { return std::get<0>(tf::gradients(tf::reduce_prod(x, tf::axis<1>), x)); });
}

TEST_CASE("reduce_logsumexp: no overflow, infinities and nothing") {
  auto const x = tf::placeholder<"x", float>(matrix);
  auto const y = tf::reduce_logsumexp(x, tf::axis<1>);
  float const big = 1000, none = -float(infinity);
  tf::Session sess;
  auto [rows, all] =
      sess.run(tf::fetch(y, tf::reduce_logsumexp(x)),
               x = {{big, big, big, big, big}, {-big, -big, -big, -big, -big}, {none, none, none, none, none}});
  CHECK(same(rows, {1000 + std::log(5.0), -1000 + std::log(5.0), -infinity}));
  CHECK(all == doctest::Approx(1000 + std::log(5.0)));
  CHECK(sess.run(tf::reduce_logsumexp(x), x = xt::xtensor<float, 2>({0, 5})) == -infinity);
}

TEST_CASE("reduce_all, reduce_any: along axes and of nothing") {
  auto const x = tf::placeholder<"x", bool>(tf::shape<tf::dim<"n">, 3>);
  auto const fetches = tf::fetch(tf::reduce_all(x, tf::axis<1>), tf::reduce_any(x, tf::axis<1>), tf::reduce_all(x),
                                 tf::reduce_any(x), tf::reduce_any(x, tf::axis<0>, tf::keepdims));
  tf::Session sess;
  auto [all, any, whole, some, columns] =
      sess.run(fetches, x = {{true, true, true}, {true, false, true}, {false, false, false}});
  CHECK(same(all, {1, 0, 0}));
  CHECK(same(any, {1, 1, 0}));
  CHECK(!whole);
  CHECK(some);
  CHECK(same(columns, {1, 1, 1}));
  auto [e_all, e_any, e_whole, e_some, e_columns] = sess.run(fetches, x = xt::xtensor<bool, 2>({0, 3}));
  CHECK(e_all.size() == 0);
  CHECK(e_whole);
  CHECK(!e_some);
  CHECK(same(e_columns, {0, 0, 0}));
}

TEST_CASE("reduce: integers divide as integers, and of none give the least and the greatest") {
  auto const x = tf::placeholder<"x", std::int32_t>(n);
  auto const fetches =
      tf::fetch(tf::reduce_mean(x), tf::reduce_sum(x), tf::reduce_prod(x), tf::reduce_max(x), tf::reduce_min(x));
  tf::Session sess;
  auto [mean, sum, product, max, min] = sess.run(fetches, x = {7, -2, 3});
  CHECK(mean == 2);
  CHECK(sum == 8);
  CHECK(product == -42);
  CHECK(max == 7);
  CHECK(min == -2);
  auto [m, s, p, most, least] = sess.run(fetches, x = std::vector<int>{});
  CHECK(s == 0);
  CHECK(p == 1);
  CHECK(most == lowest);
  CHECK(least == std::numeric_limits<std::int32_t>::max());
}

TEST_CASE("reduce_mean: of small integers it is the mean of their true sum, however many there are") {
  auto const check = []<class T>(T value, double expected) {
    auto const x = tf::placeholder<"x", T>(n);
    auto const y = tf::placeholder<"y", T>(matrix);
    tf::Session sess;
    for (std::size_t count : {1u, 255u, 256u, 257u, 65536u, 131072u}) {
      CAPTURE(count);
      CHECK(double(sess.run(tf::reduce_mean(x), x = std::vector<T>(count, value))) == expected);
      auto at = xt::xtensor<T, 2>::from_shape({count, 5});
      at.fill(value);
      auto [columns, rows] =
          sess.run(tf::fetch(tf::reduce_mean(y, tf::axis<0>), tf::reduce_mean(y, tf::axis<1>)), y = at);
      CHECK(same(columns, std::vector<double>(5, expected)));
      CHECK(same(rows, std::vector<double>(count, expected)));
    }
    CHECK(double(sess.run(tf::reduce_mean(x), x = std::vector<T>{})) == 0);
  };
  check(std::int8_t{1}, 1);
  check(std::int8_t{-128}, -128);
  check(std::uint8_t{255}, 255);
  check(std::int16_t{-32768}, -32768);
  check(std::int32_t{2147483647}, 2147483647);
  check(std::uint32_t{4294967295}, 4294967295);
  auto const x = tf::placeholder<"x", std::int8_t>(tf::shape<2, 128, 2>);
  auto at = xt::xtensor<std::int8_t, 3>::from_shape({2, 128, 2});
  at.fill(-7);
  tf::Session sess;
  auto [all, middle] = sess.run(tf::fetch(tf::reduce_mean(x), tf::reduce_mean(x, tf::axis<1>)), x = at);
  CHECK(all == -7);
  CHECK(same(middle, {-7, -7, -7, -7}));
}

TEST_CASE("reshape, broadcast_to: shapes known and unknown") {
  auto const x = tf::placeholder<"x", float>(tf::shape<tf::dim<"n">, 4>);
  static_assert(std::is_same_v<decltype(tf::reshape(tf::zeros(tf::shape<2, 6>), tf::shape<3, -1>))::shape_type,
                               tf::shape_t<3, 4>>);
  tf::Session sess;
  auto [flat, pairs, tall] = sess.run(tf::fetch(tf::reshape(x, tf::shape<-1>), tf::reshape(x, tf::shape<-1, 2>),
                                                tf::broadcast_to(tf::reduce_sum(x, tf::axis<0>), tf::shape<2, 4>)),
                                      x = {{1.f, 2.f, 3.f, 4.f}, {5.f, 6.f, 7.f, 8.f}, {9.f, 10.f, 11.f, 12.f}});
  CHECK(flat.shape(0) == 12);
  CHECK(pairs.shape(0) == 6);
  CHECK(same(pairs, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
  CHECK(same(tall, {15, 18, 21, 24, 15, 18, 21, 24}));
}
