// SPDX-License-Identifier: Apache-2.0
// covers: cond
#include <support/op_test.hpp>

namespace tf = tfx;
using op_test::check_gradient, op_test::same, op_test::spread, op_test::tensor;

TEST_CASE("cond: one branch runs, and nothing of the other") {
  tf::Session sess;
  auto const a = tf::placeholder<"a", int>(tf::shape<>);
  auto const b = tf::placeholder<"b", int>(tf::shape<>);
  auto const ratio = tf::cond(tf::not_equal(b, 0), [&] { return tf::floordiv(a, b); }, [&] { return a; });
  // The same quotient in another branch: it is not computed for both before either is chosen.
  auto const rest = tf::cond(tf::not_equal(b, 0), [&] { return tf::floordiv(a, b) + b; }, [&] { return b; });
  auto const [p, q] = sess.run(tf::fetch(ratio, rest), a = 7, b = 2);
  CHECK(p == 3);
  CHECK(q == 5);
  auto const [r, s] = sess.run(tf::fetch(ratio, rest), a = 7, b = 0);
  CHECK(r == 7);
  CHECK(s == 0);
}
TEST_CASE("cond: several values, strings, arguments as they are, constants, a branch in a branch") {
  tf::Session sess;
  auto const n = tf::placeholder<"n", int>(tf::shape<>);
  auto const words = tf::constant<"w">({"few", "many"});
  auto const [text, x] = tf::cond(
      tf::less(n, 3), [&] { return tf::fetch(words[0], tf::constant<"c">(1.5f)); },
      [&] { return tf::fetch(words[1], tf::cast<float>(n)); });
  auto const sign = tf::cond(
      tf::less(n, 0), [&] { return tf::constant<"minus">(-1); },
      [&] { return tf::cond(tf::equal(n, 0), [&] { return n; }, [&] { return tf::constant<"one">(1); }); });
  for (int count : {-2, 0, 5}) {
    auto const [t, y, z] = sess.run(tf::fetch(text, x, sign), n = count);
    CHECK(t == (count < 3 ? "few" : "many"));
    CHECK(y == (count < 3 ? 1.5f : 5.0f));
    CHECK(z == (count > 0) - (count < 0));
  }
}
TEST_CASE("cond: numbers without a name in the conditions and branches of several") {
  tf::Session sess;
  auto const x = tf::placeholder<"x", double>(tf::shape<3>);
  auto const p = tf::placeholder<"p", bool>(tf::shape<3>);
  auto const y = tf::cond(
      p[0], [&] { return tf::cond(p[1], [&] { return x[2] * 2.0; }, [&] { return x[0] * 3.0; }); },
      [&] { return tf::cond(p[2], [&] { return x[1] * 5.0; }, [&] { return x[0] * 7.0; }); });
  CHECK(sess.run(y, x = {1, 2, 3}, p = {true, true, false}) == 6);
  CHECK(sess.run(y, x = {1, 2, 3}, p = {true, false, true}) == 3);
  CHECK(sess.run(y, x = {1, 2, 3}, p = {false, false, true}) == 10);
  CHECK(sess.run(y, x = {1, 2, 3}, p = {false, true, false}) == 7);
}
TEST_CASE("cond: derivatives of first and second order come through the branch that is taken, alone and in a loop") {
  auto const piecewise = [](auto x) {
    auto const y = tf::square(x);
    return tf::cond(tf::less(tf::reduce_sum(x), 0.0), [&] { return tf::sin(y) * x; }, [&] { return tf::exp(x) * y; });
  };
  auto const in_scan = [](auto x) {
    return tf::scan(
        [](auto h, auto s) {
          return tf::cond(tf::less(tf::reduce_sum(s), 0.0), [&] { return h * s; }, [&] { return tf::tanh(h) + s; });
        },
        x, tf::reduce_sum(x, tf::axis<0>));
  };
  auto const of_scan = [](auto x) {
    auto const zero = tf::zeros<double>(tf::shape<2>);
    return tf::cond(
        tf::less(tf::reduce_sum(x), 0.0),
        [&] { return tf::foldl([](auto h, auto s) { return tf::sin(h + s); }, x, zero); },
        [&] { return tf::reduce_sum(x * x * x, tf::axis<0>); });
  };
  std::vector<double> minus = spread(6, -1, 0.5), plus = spread(6, -0.5, 1);
  for (auto const& values : {minus, plus})
    check_gradient(tf::shape<tf::dim<"n">, 2>, std::array<std::size_t, 2>{3, 2}, values, piecewise, in_scan, of_scan);
  check_gradient(tf::shape<3, 2>, std::array<std::size_t, 2>{3, 2}, plus, piecewise, of_scan);
}
TEST_CASE("cond: derivatives along what stands outside of all the loops around it") {
  auto const deep = [](auto x) {
    return tf::map_fn(
        [&](auto row) {
          auto const sum = tf::reduce_sum(row);
          return tf::foldl(
              [&](auto a, auto e) {
                auto const [i, v] = tf::while_loop(
                    tf::maximum_iterations<5>, [](auto at, auto) { return tf::less(at, 3); },
                    [&](auto at, auto z) {
                      return tf::fetch(at + 1, tf::cond(
                                                   tf::greater(e, 0.0), [&] { return z * e + a; },
                                                   [&] { return z - sum * tf::reduce_mean(x); }));
                    },
                    tf::constant(0), a + e);
                return v;
              },
              row, sum * 0.1);
        },
        x);
  };
  check_gradient(tf::shape<tf::dim<"n">, 3>, std::array<std::size_t, 2>{2, 3}, spread(6, -0.8, 0.8), deep);
}
TEST_CASE("cond: only what a run that trains wants of a branch") {
  tf::Session sess;
  auto const training = tf::placeholder<"training", bool>(tf::shape<>);
  auto const x = tf::constant<"x">({1.0f, 2.0f});
  auto const w = tf::variable<"w">(tf::ones(tf::shape<2>));
  auto const y = tf::cond(training, [&] { return w * x; }, [&] { return w; });
  auto const train = tf::train::GradientDescentOptimizer(0.5f).minimize(tf::reduce_sum(y));
  sess.run(tf::global_variables_initializer(train));
  sess.run(train, training = true);
  CHECK(same(sess.run(w), {0.5, 0}));
  sess.run(train, training = false);
  CHECK(same(sess.run(w), {0, -0.5}));
}
