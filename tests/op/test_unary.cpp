// SPDX-License-Identifier: Apache-2.0
// covers: exp log log1p expm1 tanh sin tan sinh asin acos atan asinh acosh atanh sqrt rsqrt reciprocal erf erfc sigmoid
// covers: negative square abs sign floor ceil round is_nan is_inf is_finite
#include <support/op_test.hpp>

namespace tf = tfx;
using op_test::infinity;
using op_test::not_a_number;
using op_test::same;
using op_test::unary;

namespace {
double logistic(double x) { return 1 / (1 + std::exp(-x)); }
constexpr auto n = tf::shape<tf::dim<"n">>;
}  // namespace

TEST_CASE("unary: exponentials have their values and derivatives") {
  op_test::check_unary(-3, 3, unary{"exp", [](auto x) { return tf::exp(x); }, [](double x) { return std::exp(x); }},
                       unary{"expm1", [](auto x) { return tf::expm1(x); }, [](double x) { return std::expm1(x); }},
                       unary{"tanh", [](auto x) { return tf::tanh(x); }, [](double x) { return std::tanh(x); }},
                       unary{"sigmoid", [](auto x) { return tf::sigmoid(x); }, logistic},
                       unary{"erf", [](auto x) { return tf::erf(x); }, [](double x) { return std::erf(x); }},
                       unary{"erfc", [](auto x) { return tf::erfc(x); }, [](double x) { return std::erfc(x); }});
}

TEST_CASE("unary: trigonometry has its values and derivatives") {
  op_test::check_unary(-1.2, 1.2, unary{"sin", [](auto x) { return tf::sin(x); }, [](double x) { return std::sin(x); }},
                       unary{"cos", [](auto x) { return tf::cos(x); }, [](double x) { return std::cos(x); }},
                       unary{"tan", [](auto x) { return tf::tan(x); }, [](double x) { return std::tan(x); }},
                       unary{"atan", [](auto x) { return tf::atan(x); }, [](double x) { return std::atan(x); }},
                       unary{"sinh", [](auto x) { return tf::sinh(x); }, [](double x) { return std::sinh(x); }},
                       unary{"cosh", [](auto x) { return tf::cosh(x); }, [](double x) { return std::cosh(x); }},
                       unary{"asinh", [](auto x) { return tf::asinh(x); }, [](double x) { return std::asinh(x); }});
}

TEST_CASE("unary: functions of a limited domain have their values and derivatives") {
  op_test::check_unary(0.4, 0.9, unary{"log", [](auto x) { return tf::log(x); }, [](double x) { return std::log(x); }},
                       unary{"log1p", [](auto x) { return tf::log1p(x); }, [](double x) { return std::log1p(x); }},
                       unary{"sqrt", [](auto x) { return tf::sqrt(x); }, [](double x) { return std::sqrt(x); }},
                       unary{"rsqrt", [](auto x) { return tf::rsqrt(x); }, [](double x) { return 1 / std::sqrt(x); }},
                       unary{"reciprocal", [](auto x) { return tf::reciprocal(x); }, [](double x) { return 1 / x; }},
                       unary{"asin", [](auto x) { return tf::asin(x); }, [](double x) { return std::asin(x); }},
                       unary{"acos", [](auto x) { return tf::acos(x); }, [](double x) { return std::acos(x); }},
                       unary{"atanh", [](auto x) { return tf::atanh(x); }, [](double x) { return std::atanh(x); }},
                       unary{"acosh", [](auto x) { return tf::acosh(tf::square(x) + 1.0); },
                             [](double x) { return std::acosh(x * x + 1); }},
                       unary{"square", [](auto x) { return tf::square(-x); }, [](double x) { return x * x; }});
}

TEST_CASE("unary: NaN, infinities, zeros and subnormal numbers") {
  double const tiny = 1e-40;
  op_test::check_values<float>(
      n, {{not_a_number, infinity, -infinity, 0.0, -0.0, tiny, -1.0, 1.0, 88.0, -104.0, 1e30}},
      unary{"exp", [](auto x) { return tf::exp(x); }, [](double x) { return double(float(std::exp(x))); }},
      unary{"log", [](auto x) { return tf::log(x); }, [](double x) { return std::log(x); }},
      unary{"log1p", [](auto x) { return tf::log1p(x); }, [](double x) { return std::log1p(x); }},
      unary{"expm1", [](auto x) { return tf::expm1(x); }, [](double x) { return double(float(std::expm1(x))); }},
      unary{"tanh", [](auto x) { return tf::tanh(x); }, [](double x) { return std::tanh(x); }},
      unary{"sigmoid", [](auto x) { return tf::sigmoid(x); }, logistic},
      unary{"sqrt", [](auto x) { return tf::sqrt(x); }, [](double x) { return std::sqrt(x); }},
      unary{"sin", [](auto x) { return tf::sin(x); }, [](double x) { return std::sin(x); }},
      unary{"abs", [](auto x) { return tf::abs(x); }, [](double x) { return std::abs(x); }},
      unary{"floor", [](auto x) { return tf::floor(x); }, [](double x) { return std::floor(x); }});
}

TEST_CASE("unary: rounding goes down, up, and to the even one of two neighbours") {
  auto const x = tf::placeholder<"x", double>(n);
  tf::Session sess;
  auto [down, up, nearest, sign] = sess.run(tf::fetch(tf::floor(x), tf::ceil(x), tf::round(x), tf::sign(x)),
                                            x = {-2.5, -1.5, -0.3, 0.0, 0.5, 1.5, 2.6});
  CHECK(same(down, {-3, -2, -1, 0, 0, 1, 2}));
  CHECK(same(up, {-2, -1, 0, 0, 1, 2, 3}));
  CHECK(same(nearest, {-2, -2, 0, 0, 0, 2, 3}));
  CHECK(same(sign, {-1, -1, -1, 0, 1, 1, 1}));
}

TEST_CASE("unary: predicates tell NaN and infinities from numbers") {
  auto const x = tf::placeholder<"x", float>(n);
  tf::Session sess;
  auto [is_nan, is_inf, is_finite] = sess.run(tf::fetch(tf::is_nan(x), tf::is_inf(x), tf::is_finite(x)),
                                              x = {not_a_number, infinity, -infinity, 0.0, 1e-40, 3e38});
  CHECK(same(is_nan, {1, 0, 0, 0, 0, 0}));
  CHECK(same(is_inf, {0, 1, 1, 0, 0, 0}));
  CHECK(same(is_finite, {0, 0, 0, 1, 1, 1}));
}

TEST_CASE("unary: integers keep their dtype") {
  auto const x = tf::placeholder<"x", std::int32_t>(n);
  static_assert(std::is_same_v<decltype(tf::abs(x))::value_type, std::int32_t>);
  tf::Session sess;
  auto [abs, sign, negative, square, round] =
      sess.run(tf::fetch(tf::abs(x), tf::sign(x), -x, tf::square(x), tf::round(x)), x = {-7, 0, 5});
  CHECK(same(abs, {7, 0, 5}));
  CHECK(same(sign, {-1, 0, 1}));
  CHECK(same(negative, {7, 0, -5}));
  CHECK(same(square, {49, 0, 25}));
  CHECK(same(round, {-7, 0, 5}));
}

TEST_CASE("unary: derivatives at kinks and of steps") {
  auto const x = tf::placeholder<"x", double>(n);
  auto const [abs] = tf::gradients(tf::abs(x), x);
  auto const [sign] = tf::gradients(tf::sign(x), x);
  // floor cuts the path like a constant
  auto const [floor] = tf::gradients(x * tf::floor(x), x);
  auto const moved = tf::jvp(x * tf::floor(x) + tf::abs(x), x, tf::ones<double>(n));
  tf::Session sess;
  auto [a, s, f, m] = sess.run(tf::fetch(abs, sign, floor, moved), x = {-1.5, 0.0, 2.5});
  CHECK(same(a, {-1, 0, 1}));
  CHECK(same(s, {0, 0, 0}));
  CHECK(same(f, {-2, 0, 2}));
  CHECK(same(m, {-3, 0, 3}));
}
