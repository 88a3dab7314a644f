// SPDX-License-Identifier: Apache-2.0
// covers: while_loop
#include <support/op_test.hpp>

namespace tf = tfx;
using op_test::check_gradient, op_test::same, op_test::spread, op_test::tensor;

TEST_CASE("while_loop: as many iterations as the predicate wants, none too") {
  tf::Session sess;
  auto const n = tf::placeholder<"n", int>(tf::shape<>);
  auto const [i, total] =
      tf::while_loop([&](auto at, auto) { return tf::less(at, n); },
                     [](auto at, auto sum) { return tf::fetch(at + 1, sum + tf::cast<double>(at)); }, tf::constant(0),
                     tf::constant(0.0));
  auto const once =
      tf::while_loop([](auto x) { return tf::less(x, 10.0f); }, [](auto x) { return x * 2.0f; }, tf::constant(3.0f));
  for (int count : {5, 0, 1, 12}) {
    auto const [iterations, sum, doubled] = sess.run(tf::fetch(i, total, once), n = count);
    CHECK(iterations == count);
    CHECK(sum == count * (count - 1) / 2.0);
    CHECK(doubled == 12.0f);
  }
}
TEST_CASE("while_loop, foldl: several in one graph begin at numbers without a name") {
  tf::Session sess;
  auto const x = tf::constant<"x">({1.0, 2.0, 3.0});
  auto const below = [](auto y) { return tf::less(y, 100.0); };
  auto const a = tf::while_loop(below, [](auto y) { return y + 7.0; }, tf::constant(0.0));
  auto const b = tf::while_loop(below, [](auto y) { return y * 3.0; }, tf::constant(1.0));
  auto const sum = tf::foldl([](auto t, auto e) { return t + e; }, x, tf::constant(10.0));
  auto const product = tf::foldl([](auto t, auto e) { return t * e; }, x, tf::constant(5.0));
  CHECK(sess.run(a + b * 1000.0 + sum * 1e6 + product * 1e9) == 105 + 243e3 + 16e6 + 30e9);
}
TEST_CASE("while_loop: one that goes on after maximum_iterations is refused by its name, and changes nothing") {
  tf::Session sess;
  auto const x = tf::placeholder<"x", float>(tf::shape<>);
  auto const v = tf::variable<"v">(tf::constant(1.0f));
  auto const grown = tf::while_loop<"growth">(
      tf::maximum_iterations<5>, [](auto y) { return tf::less(y, 100.0f); }, [](auto y) { return y * 2.0f; }, x);
  auto const kept = tf::assign(v, grown);
  sess.run(tf::global_variables_initializer(v));
  CHECK(sess.run(kept, x = 4.0f) == 128.0f);
  CHECK(sess.run(grown, x = 100.0f) == 100.0f);
  CHECK_THROWS_WITH_AS(sess.run(kept, x = 1.0f),
                       doctest::Contains("'growth' goes on after its maximum_iterations of 5"),
                       tf::errors::InvalidArgumentError);
  CHECK(sess.run(v) == 128.0f);
}
TEST_CASE("while_loop: derivatives of first and second order, of a bounded loop") {
  auto const power = [](auto x) {
    auto const [i, y] = tf::while_loop(
        tf::maximum_iterations<6>, [](auto at, auto) { return tf::less(at, 4); },
        [&](auto at, auto z) { return tf::fetch(at + 1, z * x + tf::sin(z)); }, tf::constant(0), x);
    return y;
  };
  auto const none = [](auto x) {
    return tf::while_loop(
        tf::maximum_iterations<6>, [](auto y) { return tf::less(tf::reduce_sum(y), -1e9); },
        [](auto y) { return y * y; }, x);
  };
  auto const until = [](auto x) {  // as many iterations as the values want
    return tf::while_loop(
        tf::maximum_iterations<50>, [](auto y) { return tf::less(tf::reduce_sum(y * y), 50.0); },
        [](auto y) { return 1.5 * y + 0.1 * tf::cos(y); }, x);
  };
  check_gradient(tf::shape<3>, std::array<std::size_t, 1>{3}, spread(3, 0.2, 1), power, none, until);
  check_gradient(tf::shape<tf::dim<"n">>, std::array<std::size_t, 1>{4}, spread(4, 0.2, 1), power, until);
}
TEST_CASE("while_loop in scan: each slice has its own number of iterations, and derivatives") {
  auto const nested = [](auto x) {
    return tf::scan(
        [&](auto h, auto s) {
          return tf::while_loop(
              tf::maximum_iterations<40>, [](auto y) { return tf::less(tf::reduce_sum(y), 20.0); },
              [&](auto y) { return y * 1.7 + s; }, tf::sin(h) + tf::square(s));
        },
        x, tf::reduce_sum(x, tf::axis<0>));
  };
  check_gradient(tf::shape<tf::dim<"n">, 2>, std::array<std::size_t, 2>{3, 2}, spread(6, 0.2, 1), nested);
}
