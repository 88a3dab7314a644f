// SPDX-License-Identifier: Apache-2.0
// covers: add subtract multiply divide maximum minimum pow squared_difference floordiv mod clip_by_value
// covers: multiply_no_nan
#include <support/op_test.hpp>

namespace tf = tfx;
using op_test::binary;
using op_test::infinity;
using op_test::not_a_number;
using op_test::same;

namespace {
constexpr auto n = tf::shape<tf::dim<"n">>;

template <class ShapeX, class ShapeY>
void check_all(ShapeX shape_x, ShapeY shape_y, std::array<std::size_t, 2> nx, std::array<std::size_t, 2> ny) {
  op_test::check_binary(
      shape_x, shape_y, nx, ny, 0.5, 2.5,
      binary{"add", [](auto x, auto y) { return x + y; }, [](double x, double y) { return x + y; }},
      binary{"subtract", [](auto x, auto y) { return x - y; }, [](double x, double y) { return x - y; }},
      binary{"multiply", [](auto x, auto y) { return x * y; }, [](double x, double y) { return x * y; }},
      binary{"divide", [](auto x, auto y) { return x / y; }, [](double x, double y) { return x / y; }},
      binary{"maximum", [](auto x, auto y) { return tf::maximum(x, y); },
             [](double x, double y) { return std::max(x, y); }},
      binary{"minimum", [](auto x, auto y) { return tf::minimum(x, y); },
             [](double x, double y) { return std::min(x, y); }},
      binary{"pow", [](auto x, auto y) { return tf::pow(x, y); }, [](double x, double y) { return std::pow(x, y); }},
      binary{"squared_difference", [](auto x, auto y) { return tf::squared_difference(x, y); },
             [](double x, double y) { return (x - y) * (x - y); }},
      binary{"mod", [](auto x, auto y) { return tf::mod(x, y); },
             [](double x, double y) { return x - y * std::floor(x / y); }});
}
}  // namespace

TEST_CASE("binary: values and both gradients of equal static shapes") {
  check_all(tf::shape<3, 5>, tf::shape<3, 5>, {3, 5}, {3, 5});
}
TEST_CASE("binary: rows and columns stretch, and gradients are summed back") {
  check_all(tf::shape<tf::dim<"n">, 1>, tf::shape<1, 17>, {3, 1}, {1, 17});
}
TEST_CASE("binary: an empty batch has empty values and a gradient of zeros") {
  auto const x = tf::placeholder<"x", double>(tf::shape<tf::dim<"n">, 3>);
  auto const b = tf::placeholder<"b", double>(tf::shape<3>);
  auto const y = tf::pow(x, b) / b;
  auto const [dx, db] = tf::gradients(y, x, b);
  tf::Session sess;
  auto [v, gx, gb] = sess.run(tf::fetch(y, dx, db), x = xt::xtensor<double, 2>({0, 3}), b = {1., 2., 3.});
  CHECK(v.size() == 0);
  CHECK(gx.size() == 0);
  CHECK(same(gb, {0, 0, 0}));
}

TEST_CASE("binary: a plain number on either side takes the dtype") {
  auto const x = tf::placeholder<"x", float>(n);
  tf::Session sess;
  auto [a, b, c, d, e] = sess.run(
      tf::fetch(2 - x, tf::maximum(x, 1.5), tf::pow(2.0, x), 1 / x, tf::clip_by_value(x, 1.5, 3)), x = {1.f, 2.f, 4.f});
  CHECK(same(a, {1, 0, -2}));
  CHECK(same(b, {1.5, 2, 4}));
  CHECK(same(c, {2, 4, 16}));
  CHECK(same(d, {1, 0.5, 0.25}));
  CHECK(same(e, {1.5, 2, 3}));
}

TEST_CASE("binary: ties and NaN of maximum, minimum and clip_by_value") {
  auto const x = tf::placeholder<"x", double>(n);
  auto const y = tf::placeholder<"y", double>(n);
  auto const larger = tf::maximum(x, y);
  auto const smaller = tf::minimum(x, y);
  auto const [lx, ly] = tf::gradients(larger, x, y);
  auto const [sx, sy] = tf::gradients(smaller, x, y);
  auto const [clip] = tf::gradients(tf::clip_by_value(x, -1.0, 1.0), x);
  tf::Session sess;
  auto [l, s, glx, gly, gsx, gsy, gc] =
      sess.run(tf::fetch(larger, smaller, lx, ly, sx, sy, clip), x = {1., 1., 2., not_a_number, -1.5},
               y = {1., 2., 1., 0., not_a_number});
  CHECK(same(l, {1, 2, 2, not_a_number, not_a_number}));
  CHECK(same(s, {1, 1, 1, not_a_number, not_a_number}));
  for (std::size_t i : {0u, 1u, 2u}) {
    CHECK(glx(i) == (i != 1));
    CHECK(gly(i) == (i == 1));
    CHECK(gsx(i) == (i != 2));
    CHECK(gsy(i) == (i == 2));
  }
  CHECK(gc(0) == 1);
  CHECK(gc(2) == 0);
  CHECK(gc(4) == 0);
}

TEST_CASE("pow: the gradient to the exponent is 0 where the base is not positive") {
  auto const x = tf::placeholder<"x", double>(n);
  auto const y = tf::placeholder<"y", double>(n);
  auto const z = tf::pow(x, y);
  auto const [dx, dy] = tf::gradients(z, x, y);
  auto const [square] = tf::gradients(tf::pow(x, 2.0), x);
  tf::Session sess;
  auto [v, gx, gy, gs] = sess.run(tf::fetch(z, dx, dy, square), x = {-2., 0., 0., 2., -2.}, y = {3., 2., 0., 3., 0.5});
  CHECK(same(v, {-8, 0, 1, 8, not_a_number}));
  CHECK(same(gy, {0, 0, 0, 8 * std::log(2.0), 0}));
  CHECK(gx(0) == 12);
  CHECK(gx(1) == 0);
  CHECK(gx(3) == 12);
  CHECK(same(gs, {-4, 0, 0, 4, -4}));
}

TEST_CASE("multiply_no_nan: 0 where the second is 0, in derivatives too") {
  auto const x = tf::placeholder<"x", double>(n);
  auto const y = tf::placeholder<"y", double>(n);
  auto const z = tf::multiply_no_nan(x, y);
  auto const [dx, dy] = tf::gradients(z, x, y);
  tf::Session sess;
  auto [v, gx, gy, half] = sess.run(tf::fetch(z, dx, dy, tf::multiply_no_nan(x, 0.5)),
                                    x = {infinity, not_a_number, 2., infinity, 3.}, y = {0., 0., 3., 2., not_a_number});
  CHECK(same(v, {0, 0, 6, infinity, not_a_number}));
  CHECK(same(gx, {0, 0, 3, 2, not_a_number}));
  CHECK(same(gy, {infinity, not_a_number, 2, infinity, 3}));
  CHECK(same(half, {infinity, not_a_number, 1, infinity, 1.5}));
}

TEST_CASE("binary: integers round towards minus infinity, and the rest has the divisor's sign") {
  auto const x = tf::placeholder<"x", std::int32_t>(n);
  auto const y = tf::placeholder<"y", std::int32_t>(n);
  static_assert(std::is_same_v<decltype(x / y)::value_type, double>);
  static_assert(std::is_same_v<decltype(x / 2)::value_type, double>);
  static_assert(
      std::is_same_v<decltype(tf::divide(tf::cast<std::int8_t>(x), tf::cast<std::int8_t>(y)))::value_type, float>);
  auto const all = tf::fetch(tf::floordiv(x, y), x % y, x / y, tf::pow(x, 3), tf::maximum(x, y), x - y);
  tf::Session sess;
  auto [quotient, rest, ratio, cube, larger, difference] = sess.run(all, x = {7, -7, 7, -7, 6}, y = {3, 3, -3, -3, -3});
  CHECK(same(quotient, {2, -3, -3, 2, -2}));
  CHECK(same(rest, {1, 2, -2, -1, 0}));
  CHECK(same(ratio, {7 / 3., -7 / 3., -7 / 3., 7 / 3., -2}));
  CHECK(same(cube, {343, -343, 343, -343, 216}));
  CHECK(same(larger, {7, 3, 7, -3, 6}));
  CHECK(same(difference, {4, -10, 10, -4, 9}));
  CHECK_THROWS_WITH_AS(sess.run(all, x = {1, 2, 3}, y = {1, 0, 1}), "Integer division by zero",
                       tf::errors::InvalidArgumentError);
  CHECK_THROWS_WITH_AS(sess.run(x % y, x = {1, 2, 3}, y = {1, 1, 0}), "Integer division by zero",
                       tf::errors::InvalidArgumentError);
  auto again = sess.run(x % y, x = {5}, y = {3});
  CHECK(same(again, {2}));
}

namespace {
constexpr auto negative_power = "Integers to negative integer powers are not allowed";

template <class T>
void check_powers() {
  auto const base = tf::placeholder<"base", T>(tf::shape<tf::dim<"n">, 1>);
  auto const by = tf::placeholder<"by", T>(tf::shape<3>);
  auto const one = tf::placeholder<"one", T>(tf::shape<>);
  auto const table = tf::pow(base, by);
  tf::Session sess;
  auto const [powers, scalar, fused] =
      sess.run(tf::fetch(table, tf::pow(one, one), tf::reduce_sum(tf::pow(by, one) + by)), base = {{T(2)}, {T(3)}},
               by = {T(0), T(1), T(2)}, one = T(3));
  CHECK(same(powers, {1, 2, 4, 1, 3, 9}));
  CHECK(scalar == 27);
  CHECK(fused == 12);
  // As many elements as fill registers, and fewer.
  std::vector<T> many(67, T(1));
  auto const all = tf::placeholder<"all", T>(n);
  CHECK(same(sess.run(tf::pow(T(1), all), all = many), std::vector<double>(67, 1)));
  if constexpr (std::is_signed_v<T>) {
    using refused = tf::errors::InvalidArgumentError;
    CHECK_THROWS_WITH_AS(sess.run(table, base = {{T(2)}}, by = {T(0), T(1), T(-1)}), negative_power, refused);
    CHECK_THROWS_WITH_AS(sess.run(tf::pow(one, one), one = T(-1)), negative_power, refused);
    CHECK_THROWS_WITH_AS(sess.run(tf::pow(all, -2), all = {T(1), T(2)}), negative_power, refused);
    CHECK_THROWS_WITH_AS(sess.run(tf::reduce_sum(tf::pow(2, all - 1) + all), all = {T(1), T(0)}), negative_power,
                         refused);
    for (std::size_t const at : {0u, 33u, 63u, 66u}) {
      many[at] = T(-1);
      CHECK_THROWS_WITH_AS(sess.run(tf::pow(T(1), all), all = many), negative_power, refused);
      many[at] = T(1);
    }
    CHECK(same(sess.run(tf::pow(all, 2), all = {T(-3)}), {9}));
  }
}
}  // namespace

TEST_CASE("pow: integers wrap, and have no negative powers") {
  check_powers<std::int8_t>();
  check_powers<std::int16_t>();
  check_powers<std::int32_t>();
  check_powers<std::int64_t>();
  check_powers<std::uint8_t>();
  auto const x = tf::placeholder<"x", std::int32_t>(tf::shape<2>);
  auto const w = tf::variable<"w">(tf::constant({2, 3}));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(w));
  // Nothing is assigned in a run that is refused.
  CHECK_THROWS_WITH_AS(sess.run(tf::fetch(w.assign(x), tf::assign_add<"more">(w, tf::pow(w, x))), x = {1, -1}),
                       negative_power, tf::errors::InvalidArgumentError);
  CHECK(same(sess.run(w), {2, 3}));
  CHECK(same(sess.run(tf::pow(w, 31)), {-2147483648., 1264544299.}));
  auto const kept = tf::pow(tf::cast<float>(w), -1);
  CHECK(same(sess.run(kept), {0.5, 1 / 3.}));
}

TEST_CASE("floordiv: lanes past the end of a product that is read column by column are no divisors") {
  auto const m = tf::placeholder<"m", float>(tf::shape<tf::dyn, 2>);
  auto const v = tf::placeholder<"v", float>(tf::shape<2, 1>);
  auto const by = tf::cast<std::int32_t>(tf::matmul(m, v));
  tf::Session sess;
  for (std::size_t const rows : {16u, 17u, 31u}) {
    auto const quotients = sess.run(tf::floordiv(9, by), m = op_test::counted_matrix(rows, 2), v = {{-2.f}, {2.f}});
    CHECK(same(quotients, std::vector<double>(rows, 4)));
  }
}

TEST_CASE("binary: floats divide by zero, and floordiv and mod of floats are floored too") {
  auto const x = tf::placeholder<"x", float>(n);
  auto const y = tf::placeholder<"y", float>(n);
  tf::Session sess;
  auto [q, floored, rest] = sess.run(tf::fetch(x / y, tf::floordiv(x, y), tf::mod(x, y)), x = {1.f, -1.f, -7.5f, 7.5f},
                                     y = {0.f, 0.f, 2.f, -2.f});
  CHECK(same(q, {infinity, -infinity, -3.75, -3.75}));
  CHECK(same(floored, {infinity, -infinity, -4, -4}));
  CHECK(same(rest, {not_a_number, not_a_number, 0.5, -0.5}));
}

namespace {
template <class T>
void check_remainders() {
  using limits = std::numeric_limits<T>;
  T const inf = limits::infinity(), nan = limits::quiet_NaN(), least = limits::denorm_min();
  T const below_3 = std::nextafter(T(3), T(0));
  struct {
    T x, y, rest;
  } const cases[] = {
      {T(7.5), 2, T(1.5)},
      {T(-7.5), 2, T(0.5)},
      {T(7.5), -2, T(-0.5)},
      {T(-7.5), -2, T(-1.5)},
      {T(-1e-20), 3, below_3},
      {T(1e-20), -3, -below_3},
      {-least, 3, below_3},
      {least, -3, -below_3},
      {T(1e-20), 3, T(1e-20)},
      {-least, least, 0},
      {6, 3, 0},
      {-6, 3, 0},
      {6, -3, T(-0.0)},
      {-6, -3, T(-0.0)},
      {0, 3, 0},
      {0, -3, T(-0.0)},
      {1, 0, nan},
      {inf, 3, nan},
      {-inf, 3, nan},
      {nan, 3, nan},
      {3, nan, nan},
      {1, inf, 1},
      {-1, -inf, -1},
      {-1, inf, nan},
      {1, -inf, nan},
      {limits::max(), 3, std::fmod(limits::max(), T(3))},
  };
  std::vector<T> x, y;
  for (auto const& one : cases) x.push_back(one.x), y.push_back(one.y);
  auto const a = tf::placeholder<"a", T>(n);
  auto const b = tf::placeholder<"b", T>(n);
  auto const rests = tf::Session().run(tf::mod(a, b), a = x, b = y);
  for (std::size_t i = 0; i < x.size(); ++i) {
    CAPTURE(x[i]);
    CAPTURE(y[i]);
    T const rest = rests(i), expected = cases[i].rest;
    CHECK((std::isnan(expected) ? std::isnan(rest) : rest == expected));
    CHECK((std::isnan(expected) || std::signbit(rest) == std::signbit(expected)));
  }
}
}  // namespace

TEST_CASE("mod: of floats it is never the divisor itself, and a zero has its sign") {
  check_remainders<float>();
  check_remainders<double>();
}
TEST_CASE("mod: first and second derivatives of floats") {
  auto const y = tf::constant<double>({2.0, -2.0, 2.0, -2.0, 3.0});
  op_test::check_gradient(
      tf::shape<5>, std::array<std::size_t, 1>{5}, {7.5, 7.5, -7.5, -7.5, -1.3},
      [y](auto x) { return tf::square(tf::mod(x, y)); }, [](auto x) { return tf::square(tf::mod(1e3, x)); },
      [](auto x) { return tf::mod(x * x, x + 1.0) * x; });
}
