// SPDX-License-Identifier: Apache-2.0
#include <support/op_test.hpp>

namespace tf = tfx;
using op_test::same, op_test::spread, op_test::tensor;

namespace {
constexpr auto steps = tf::dim<"steps">;
}

TEST_CASE("regions: a recurrent network learns to add up its inputs") {
  auto const x = tf::placeholder<"x", float>(tf::shape<steps, 8, 1>);
  auto const y = tf::placeholder<"y", float>(tf::shape<8, 1>);
  auto const w = tf::variable<"w">(tf::fill(tf::shape<1, 4>, 0.3f));
  auto const u = tf::variable<"u">(tf::fill(tf::shape<4, 4>, 0.1f));
  auto const v = tf::variable<"v">(tf::fill(tf::shape<4, 1>, 0.5f));
  auto const last = tf::foldl([&](auto h, auto s) { return tf::tanh(tf::matmul(s, w) + tf::matmul(h, u)); }, x,
                              tf::zeros(tf::shape<8, 4>));
  auto const loss = tf::reduce_mean(tf::square(tf::matmul(last, v) - y));
  auto const train = tf::train::AdamOptimizer(0.02f).minimize(loss);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(train));
  float first = 0, now = 0;
  for (int i = 0; i < 200; ++i) {
    std::size_t const length = 2 + static_cast<std::size_t>(i % 3);
    auto const values = tensor<float, 3>({length, 8, 1}, spread(length * 8, -0.3, 0.3, 1 + static_cast<unsigned>(i)));
    xt::xtensor<float, 2> const sums = xt::sum(values, {0});
    auto const [value, done] = sess.run(tf::fetch(loss, train), x = values, y = sums);
    (i == 0 ? first : now) = value;
  }
  CHECK(now < first / 20);
}
TEST_CASE("regions: inside a function over handles, with what it captures, fragments and loops in loops") {
  auto const built = tf::build([](auto x) {
    auto const w = tf::variable("w", tf::ones<double>({3}));
    auto const states = tf::scan([&](auto h, auto s) { return tf::tanh(h * w + s); }, x, tf::zeros<double>({3}));
    auto const powers = tf::while_loop([](auto at, auto) { return tf::less(at, 3); },
                                       [&](auto at, auto p) { return tf::fetch(at + 1, p * w); },
                                       tf::reduce_sum(tf::zeros<int>({1})), tf::ones<double>({3}));
    auto const i = std::get<0>(powers);
    auto const power = std::get<1>(powers);
    auto const doubled =
        tf::map_fn([&](auto s) { return tf::foldl([&](auto a, auto e) { return a + e * s; }, x, s); }, x);
    return states + doubled + tf::cond(tf::less(i, 5), [&] { return power; }, [&] { return w; });
  });
  auto const x = tf::placeholder<"x", double>(tf::shape<steps, 3>);
  auto const w = tf::variable<"w">(tf::ones<double>(tf::shape<3>));
  auto const states = tf::scan([&](auto h, auto s) { return tf::tanh(h * w + s); }, x, tf::zeros<double>(tf::shape<3>));
  auto const doubled = x + x * tf::reduce_sum(x, tf::axis<0>);
  auto const expected = states + doubled + w * w * w;
  auto const [db] = tf::gradients(built(x), x);
  auto const [de] = tf::gradients(expected, x);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(expected));
  for (std::size_t length : {4u, 1u, 0u}) {
    auto const [a, b, c, d] =
        sess.run(tf::fetch(built(x), expected, db, de), x = tensor<double, 2>({length, 3}, spread(3 * length, -1, 1)));
    CHECK(same(a, op_test::flat(b), 1e-12));
    CHECK(same(c, op_test::flat(d), 1e-12));
  }
}
TEST_CASE("regions: what is drawn in an iteration is drawn in each, outside once") {
  tf::Session sess;
  sess.set_random_seed(3);
  auto const x = tf::placeholder<"x", float>(tf::shape<steps>);
  auto const inside = tf::map_fn([](auto s) { return s + tf::random_uniform<"inside">(tf::shape<>); }, x);
  auto const once = tf::random_uniform<"once">(tf::shape<>);
  auto const outside = tf::map_fn([&](auto s) { return s + once; }, x);
  auto const [a, b, c] = sess.run(tf::fetch(inside, outside, once), x = {0.0f, 0.0f, 0.0f});
  CHECK(a(0) != a(1));
  CHECK(a(1) != a(2));
  CHECK(same(b, {c, c, c}));
}
TEST_CASE("regions: derivatives see the numbers that the iterations drew") {
  tf::Session sess;
  auto const x = tf::placeholder<"x", double>(tf::shape<steps, 2>);
  auto const y = tf::foldl([](auto h, auto s) { return h * (0.5 + tf::random_uniform<double, "r">(tf::shape<2>)) + s; },
                           x, tf::zeros<double>(tf::shape<2>));
  auto const [dx] = tf::gradients(y, x);
  auto const [value, slopes] = sess.run(tf::fetch(y, dx), x = {{1, 2}, {3, 4}, {5, 6}});
  for (int k = 0; k < 2; ++k) {
    double sum = 0;  // linear in x
    for (int t = 0; t < 3; ++t) sum += slopes(t, k) * (1 + k + 2 * t);
    CHECK(op_test::near(value(k), sum, 1e-12));
    CHECK(slopes(2, k) == 1);
  }
}
TEST_CASE("regions: dropout in an iteration has its mask again in derivatives") {
  tf::Session sess;
  auto const x = tf::placeholder<"x", double>(tf::shape<steps, 4>);
  auto const y =
      tf::foldl([](auto h, auto s) { return h + tf::nn::dropout(s, 0.5); }, x, tf::zeros<double>(tf::shape<4>));
  auto const [dx] = tf::gradients(y, x);
  auto const values = tensor<double, 2>({5, 4}, spread(20, 1, 2));
  for (int i = 0; i < 3; ++i) {
    auto const [sums, mask] = sess.run(tf::fetch(y, dx), x = values);
    CHECK(same(sums, op_test::flat(xt::xtensor<double, 1>(xt::sum(values * mask, {0}))), 1e-12));
    CHECK(xt::amin(mask)() == 0);
    CHECK(xt::amax(mask)() == 2);
  }
}
TEST_CASE("regions: derivatives of second order see the same draws") {
  tf::Session sess;
  auto const x = tf::placeholder<"x", double>(tf::shape<steps, 2>);
  auto const y = tf::scan(
      [](auto h, auto s) {
        auto const r = tf::random_normal<double, "r">(tf::shape<>);
        return h * r + tf::square(tf::reduce_sum(s)) * r;
      },
      x, tf::constant<"start">(1.0));
  auto const [first] = tf::gradients(y, x);
  auto const [second] = tf::gradients(first, x);
  auto const values = tensor<double, 2>({3, 2}, spread(6, -1, 1));
  auto const [a, b] = sess.run(tf::fetch(first, second), x = values);
  CHECK(op_test::near(xt::sum(a)(), xt::sum(b * values)(), 1e-12));  // the first is linear in x
}
TEST_CASE("regions: an extent that a kernel finds for a branch is found before it") {
  tf::Session sess;
  auto const x = tf::placeholder<"x", float>(tf::shape<steps, 2>);
  auto const m = tf::placeholder<"m", bool>(tf::shape<steps>);
  auto const p = tf::placeholder<"p", bool>(tf::shape<>);
  auto const sum = tf::reduce_sum(tf::boolean_mask(x, m));
  auto const y = tf::cond(p, [&] { return sum; }, [&] { return tf::reduce_max(x); });
  auto const in_loop = tf::map_fn([&](auto s) { return tf::reduce_sum(s) + sum; }, x);
  auto const [a, b] = sess.run(tf::fetch(y, in_loop), x = {{1, 2}, {3, 4}}, m = {false, true}, p = true);
  CHECK(a == 7);
  CHECK(same(b, {10, 14}));
  CHECK(sess.run(y, x = {{1, 2}, {3, 4}}, m = {false, true}, p = false) == 4);
}
TEST_CASE("regions: a check in an iteration names itself, and what comes before the loop is left as it was") {
  tf::Session sess;
  auto const x = tf::placeholder<"x", float>(tf::shape<steps>);
  auto const total = tf::variable<"total">(tf::constant(0.0f));
  auto const roots = tf::map_fn(
      [](auto s) {
        return tf::with_dependencies(tf::assert_non_negative(s, tf::message<"a slice is negative">), tf::sqrt(s));
      },
      x);
  auto const add = tf::assign_add<"add">(total, tf::reduce_sum(roots));
  auto const [dx] = tf::gradients(roots, x);
  sess.run(tf::global_variables_initializer(total));
  CHECK(sess.run(add, x = {4.0f, 9.0f}) == 5.0f);
  CHECK(same(sess.run(dx, x = {4.0f, 16.0f}), {0.25, 0.125}));
  CHECK_THROWS_WITH_AS(sess.run(add, x = {4.0f, -1.0f}), doctest::Contains("a slice is negative"),
                       tf::errors::InvalidArgumentError);
  CHECK(sess.run(total) == 5.0f);
  CHECK(sess.run(add, x = {1.0f}) == 6.0f);
}
TEST_CASE("regions: a branch that is not taken checks nothing") {
  tf::Session sess;
  auto const x = tf::placeholder<"x", float>(tf::shape<>);
  auto const y = tf::cond(
      tf::greater(x, 0.0f),
      [&] { return tf::with_dependencies(tf::assert_less(x, 10.0f, tf::message<"too large">), tf::log(x)); },
      [&] { return x; });
  auto const [dx] = tf::gradients(y, x);
  CHECK(sess.run(y, x = -20.0f) == -20.0f);
  CHECK(sess.run(dx, x = -20.0f) == 1.0f);
  CHECK(sess.run(dx, x = 4.0f) == 0.25f);
  CHECK_THROWS_WITH_AS(sess.run(y, x = 20.0f), doctest::Contains("too large"), tf::errors::InvalidArgumentError);
}
TEST_CASE("regions: a variable that a run changes is read as it was at the start, in every iteration") {
  tf::Session sess;
  auto const w = tf::variable<"w">(tf::constant(2.0f));
  auto const x = tf::constant<"x">({1.0f, 2.0f, 3.0f});
  auto const y = tf::map_fn([&](auto s) { return s * w; }, x);
  auto const changed = tf::assign<"changed">(w, tf::reduce_sum(y));
  sess.run(tf::global_variables_initializer(w));
  auto const [values, now] = sess.run(tf::fetch(y, changed));
  CHECK(same(values, {2, 4, 6}));
  CHECK(now == 12.0f);
  CHECK(same(sess.run(y), {12, 24, 36}));
}
TEST_CASE("regions: what a loop remembers for its gradient is a part of its plan") {
  constexpr auto x = tf::placeholder<"x", float>(tf::shape<steps, 32, 128>);
  auto const w = tf::variable<"w">(tf::zeros(tf::shape<128, 128>));
  auto const last =
      tf::foldl([&](auto h, auto s) { return tf::tanh(tf::matmul(h, w) + s); }, x, tf::zeros(tf::shape<32, 128>));
  constexpr auto dw = std::get<0>(tf::gradients(tf::reduce_sum(last), w));
  constexpr std::size_t state = 32 * 128 * 4;
  constexpr auto plan = tf::plan(dw);
  std::size_t const each = (plan.arena_bytes(steps = 200) - plan.arena_bytes(steps = 100)) / 100;
  CHECK(each <= 2 * state);
  CHECK(plan.arena_bytes(steps = 1) - each <= 5 * state + 4 * 128 * 128 * 4);
  constexpr double product = 2.0 * 32 * 128 * 128;
  constexpr auto forward = tf::plan(last);
  CHECK(forward.flops(steps = 50) >= 50 * product);
  CHECK(forward.flops(steps = 50) <= 51 * product);
  CHECK(plan.flops(steps = 50) >= 150 * product);
  CHECK(plan.flops(steps = 50) <= 160 * product);
}
