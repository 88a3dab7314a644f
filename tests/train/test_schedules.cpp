// SPDX-License-Identifier: Apache-2.0
#include <support/op_test.hpp>
#include <tfx/train/cosine_decay_restarts.hpp>
#include <tfx/train/exponential_decay.hpp>
#include <tfx/train/inverse_time_decay.hpp>
#include <tfx/train/linear_cosine_decay.hpp>
#include <tfx/train/natural_exp_decay.hpp>
#include <tfx/train/noisy_linear_cosine_decay.hpp>
#include <tfx/train/piecewise_constant.hpp>
#include <tfx/train/polynomial_decay.hpp>

namespace tf = tfx;
using op_test::same;

TEST_CASE("schedules: rates of whole steps, in the dtype of the rate") {
  auto const step = tf::placeholder<"step", int>(tf::shape<>);
  auto const exponential = tf::train::exponential_decay(0.5, step, 2, 0.25);
  auto const stairs = tf::train::exponential_decay(0.5, step, 2, 0.25, tf::train::staircase);
  auto const natural = tf::train::natural_exp_decay(0.5f, step, 2, 0.25);
  auto const inverse = tf::train::inverse_time_decay(0.5, step, 2, 3, tf::train::staircase);
  auto const polynomial = tf::train::polynomial_decay(0.5, step, 4, 0.125, 2);
  auto const cycle = tf::train::polynomial_decay(0.5, step, 2, 0.25, 1, tf::train::cycle);
  auto const cosine = tf::train::cosine_decay(2.0, step, 4, 0.5);
  auto const linear = tf::train::linear_cosine_decay(2.0, step, 4, 1.0, 0.5, 0.25);
  static_assert(std::is_same_v<decltype(natural)::value_type, float>);
  static_assert(std::is_same_v<decltype(inverse)::value_type, double>);
  auto const all = tf::fetch(exponential, stairs, natural, inverse, polynomial, cycle, cosine, linear);
  tf::Session sess;
  auto const check = [&](int at, std::vector<double> const& expected) {
    CAPTURE(at);
    std::vector<double> got;
    std::apply([&](auto... each) { (got.push_back(double(each)), ...); }, sess.run(all, step = at));
    CHECK(same(got, expected, 1e-7));
  };
  check(0, {0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 2, 3.5});
  check(1, {0.25, 0.5, 0.5 * std::exp(-0.125), 0.5, 0.125 + 0.375 * 0.5625, 0.375, 1 + 0.5 * (1 + std::sqrt(0.5)),
            2 * (1.25 * 0.5 + 0.25)});
  check(3, {0.0625, 0.125, 0.5 * std::exp(-0.375), 0.125, 0.125 + 0.375 * 0.0625, 0.3125,
            1 + 0.5 * (1 - std::sqrt(0.5)), 2 * (0.75 * 0.5 + 0.25)});
  check(5, {0.015625, 0.03125, 0.5 * std::exp(-0.625), 0.5 / 7, 0.125, 0.25 + 0.25 / 6, 1, 1.5});
}
TEST_CASE("schedules: restarts are exact at their begin, and of equal periods too") {
  auto const step = tf::placeholder<"step", float>(tf::shape<tf::dyn>);
  auto const longer = tf::train::cosine_decay_restarts(1.0f, step, 10);
  auto const equal = tf::train::cosine_decay_restarts(1.0f, step, 10, 1, 0.5f, 0.25f);
  auto const third = tf::train::cosine_decay_restarts(tf::constant<"rate">(2.0), step, 10, 3.0);
  tf::Session sess;
  auto const [a, b, c] =
      sess.run(tf::fetch(longer, equal, third), step = {0, 5, 10, 20, 30, 50, 70, 150, 310, 40, 130, 400});
  CHECK(same(a, {1, 0.5, 1, 0.5, 1, 0.5, 1, 1, 1, 0.5 * (1 + std::cos(std::acos(-1) / 4)),
                 0.5 * (1 + std::cos(std::acos(-1) * 0.75)), 0.5 * (1 + std::cos(std::acos(-1) * 90 / 320))}));
  for (std::size_t i = 0; i < 4; ++i) CHECK(b(i) == doctest::Approx(std::vector<double>{1, 0.625, 0.625, 0.4375}[i]));
  CHECK(same(c, {2, 1, 2, 1 + std::cos(std::acos(-1) / 3), 1 + std::cos(std::acos(-1) * 2 / 3),
                 1 + std::cos(std::acos(-1) * 1 / 9), 1 + std::cos(std::acos(-1) * 3 / 9),
                 1 + std::cos(std::acos(-1) * 2 / 27), 1 + std::cos(std::acos(-1) * 18 / 27), 2, 2, 2}));
}
TEST_CASE("schedules: piecewise constants change behind their boundaries") {
  auto const step = tf::placeholder<"step", std::int64_t>(tf::shape<tf::dim<"n">>);
  auto const one = tf::placeholder<"one", double>(tf::shape<>);
  auto const rate = tf::train::piecewise_constant(step, {100, 110}, {1.0, 0.1, 1e-9});
  auto const other = tf::train::piecewise_constant(one, {0.5}, {3.0f, 4.0f});
  static_assert(std::is_same_v<decltype(other)::value_type, float>);
  tf::Session sess;
  CHECK(same(sess.run(rate, step = {0, 100, 101, 110, 111, 10000}), {1, 1, 0.1, 0.1, 1e-9, 1e-9}, 0));
  CHECK(sess.run(rate, step = std::vector<std::int64_t>()).size() == 0);
  CHECK(sess.run(other, one = 0.5) == 3);
  CHECK(sess.run(other, one = 0.75) == 4);
}
TEST_CASE("schedules: an optimizer's rate; noise is drawn anew in each run; expressions as parameters") {
  auto const steps = tf::train::get_or_create_global_step();
  auto const w = tf::variable<"w">(tf::zeros(tf::shape<2>));
  auto const half = tf::placeholder<"half", float>(tf::shape<>);
  auto const rate = tf::train::exponential_decay(1.0f, steps, 1, half);
  auto const train = tf::train::GradientDescentOptimizer(rate).minimize(tf::reduce_sum(w), tf::global_step = steps);
  auto const noisy = tf::train::noisy_linear_cosine_decay(1.0f, steps, 1000);
  tf::Session sess;
  sess.set_random_seed(1);
  sess.run(tf::global_variables_initializer(train));
  for (int i = 0; i < 3; ++i) sess.run(train, half = 0.5f);
  CHECK(same(sess.run(w), {-1.75, -1.75}));
  double sum = 0, squares = 0;
  for (int i = 0; i < 400; ++i) {
    double const drawn = sess.run(noisy);
    sum += drawn / 400;
    squares += drawn * drawn / 400;
  }
  // (1 − 0.003 + noise of variance 4^−0.55) · about 1 + 0.001
  CHECK(sum == doctest::Approx(0.998).epsilon(0.15));
  CHECK(squares - sum * sum == doctest::Approx(std::pow(4, -0.55)).epsilon(0.25));
}
TEST_CASE("schedules: inside a function over handles") {
  auto const step = tf::placeholder<"step", int>(tf::shape<>);
  auto const rate = tf::build([](auto s) { return tf::train::exponential_decay(0.5f, s, 2, 0.25) * 2.0; })(step);
  static_assert(std::is_same_v<decltype(rate)::value_type, float>);
  CHECK(tf::Session().run(rate, step = 1) == doctest::Approx(0.5));
}
