// SPDX-License-Identifier: Apache-2.0
#include <support/op_test.hpp>

namespace tf = tfx;
using op_test::same;
using tf::errors::FailedPreconditionError;

namespace {
constexpr auto n = tf::dim<"n">;
}

TEST_CASE("variable: reading one that has no value is refused by name, whoever reads") {
  auto const w = tf::variable<"layer/w">(tf::ones(tf::shape<2>));
  tf::Session sess;
  CHECK_THROWS_WITH_AS(sess.run(w),
                       "Attempting to use uninitialized value layer/w\n\t[[{{node layer/w/read}}]]\n"
                       "help: run its initializer first, or global_variables_initializer",
                       FailedPreconditionError);
  CHECK_THROWS_AS(sess.run(w.assign_add(1)), FailedPreconditionError);
  sess.run(w.assign(3));  // assign does not read
  CHECK(same(sess.run(w), {3, 3}));
}
TEST_CASE("variable: an assignment happens when it runs, and gives the new value") {
  auto const w = tf::variable<"w">(tf::constant(2));
  auto const doubled = w.assign(2 * w);
  tf::Session sess;
  sess.run(w.initializer());
  CHECK(sess.run(w) == 2);
  CHECK(sess.run(doubled) == 4);
  CHECK(sess.run(doubled) == 8);
  CHECK(sess.run(doubled) == 16);
  CHECK(sess.run(w.assign_sub(6)) == 10);
  sess.run(w.initializer());
  CHECK(sess.run(w) == 2);
}
TEST_CASE("variable: sessions hold values of their own") {
  auto const w = tf::variable<"w">(tf::constant(2));
  tf::Session first, second;
  first.run(w.initializer());
  CHECK_THROWS_AS(second.run(w), FailedPreconditionError);
  second.run(w.initializer());
  CHECK(first.run(w.assign_add(10)) == 12);
  CHECK(second.run(w) == 2);
}
TEST_CASE("variable: reads see the value at the start of the run") {
  auto const w = tf::variable<"w">(tf::zeros(tf::shape<3>));
  auto const twice = w * 2;
  auto const step = w.assign_add(1);
  tf::Session sess;
  sess.run(w.initializer());
  for (double i = 0; i < 3; ++i) {
    auto const [old, half, now, after] = sess.run(tf::fetch(w, twice, step, tf::reduce_sum(step + w)));
    CHECK(same(old, {i, i, i}));
    CHECK(same(half, {2 * i, 2 * i, 2 * i}));
    CHECK(same(now, {i + 1, i + 1, i + 1}));
    CHECK(after == float(3 * (2 * i + 1)));
  }
}
TEST_CASE("variable: two that swap their values in one run") {
  auto const a = tf::variable<"a">(tf::constant({1.0f, 2.0f}));
  auto const b = tf::variable<"b">(tf::constant({3.0f, 4.0f}));
  auto const swap = tf::group(a.assign(b), b.assign(a));
  tf::Session sess;
  sess.run(tf::variables_initializer(a, b));
  sess.run(swap);
  auto const [va, vb] = sess.run(tf::fetch(a, b));
  CHECK(same(va, {3, 4}));
  CHECK(same(vb, {1, 2}));
}
TEST_CASE("variable: a fetched view of an assigned variable is the old value") {
  auto const w = tf::variable<"w">(tf::constant({{1.0f, 2.0f}, {3.0f, 4.0f}}));
  tf::Session sess;
  sess.run(w.initializer());
  auto const [flat, now] = sess.run(tf::fetch(tf::reshape(w, tf::shape<4>), w.assign(tf::transpose(w))));
  CHECK(same(flat, {1, 2, 3, 4}));
  CHECK(same(now, {1, 3, 2, 4}));
}
TEST_CASE("variable: three that take turns through views, and what depends on an assignment reads the old value") {
  auto const a = tf::variable<"a">(tf::constant({1.0f, 2.0f}));
  auto const b = tf::variable<"b">(tf::constant({{3.0f}, {4.0f}}));
  auto const c = tf::variable<"c">(tf::constant({{5.0f, 6.0f}}));
  auto const new_a = a.assign(tf::reshape(c, tf::shape<2>));
  auto const new_b = b.assign(tf::reshape(a, tf::shape<2, 1>));
  auto const new_c = c.assign(tf::transpose(b));
  auto const mixed = new_a * 100 + tf::reshape(b, tf::shape<2>) * 10 + a;
  tf::Session sess;
  sess.run(tf::variables_initializer(a, b, c));
  auto const [mix, va, vb, vc] = sess.run(tf::fetch(mixed, new_a, new_b, new_c));
  CHECK(same(mix, {531, 642}));
  CHECK(same(va, {5, 6}));
  CHECK(same(vb, {1, 2}));
  CHECK(same(vc, {3, 4}));
}
TEST_CASE("variable: an assignment waits for a kernel that reads the old value") {
  auto const w = tf::variable<"w">(tf::constant({{1.0f, 2.0f}, {3.0f, 4.0f}}));
  auto const product = tf::matmul(w, w);
  tf::Session sess;
  sess.run(w.initializer());
  auto const [now, square] = sess.run(tf::fetch(w.assign(w * 10), product));
  CHECK(same(now, {10, 20, 30, 40}));
  CHECK(same(square, {7, 10, 15, 22}));
  auto const cyclic = w.assign(w - tf::reduce_sum(w));  // the loop that writes needs all of the old value first
  CHECK(same(sess.run(cyclic), {-90, -80, -70, -60}));
  CHECK(same(sess.run(w.assign(tf::matmul(w, w))), {13700, 12000, 10500, 9200}));
}
TEST_CASE("variable: several assign_add in one run add up, equal ones too") {
  auto const w = tf::variable<"w">(tf::constant(1));
  auto const x = tf::placeholder<"x", int>(tf::shape<>);
  tf::Session sess;
  sess.run(w.initializer());
  sess.run(tf::group(w.assign_add(10), w.assign_add(x), w.assign_sub(3)), x = 100);
  CHECK(sess.run(w) == 108);
  auto const one = w.assign_add(x);
  sess.run(tf::group(one, one), x = 1);  // the same operation runs once
  CHECK(sess.run(w) == 109);
  auto const [first, second] = sess.run(tf::fetch(w.assign_add(x), w.assign_sub(x)), x = 5);
  CHECK(sess.run(w) == 109);
  CHECK(first == 114);
  CHECK(second == 109);
}
TEST_CASE("variable: two assign_add of one variable add up") {
  auto const w = tf::variable<"w">(tf::constant(1));
  tf::Session sess;
  sess.run(w.initializer());
  sess.run(tf::group(w.assign_add(1), w.assign_add(2)));
  CHECK(sess.run(w) == 4);
  sess.run(tf::group(w.assign_add(tf::constant<"one">(1)), w.assign_add(tf::constant<"two">(2))));
  CHECK(sess.run(w) == 7);
}
TEST_CASE("variable: an assignment of another assignment's result") {
  auto const a = tf::variable<"a">(tf::constant(1.0f));
  auto const b = tf::variable<"b">(tf::constant(0.0f));
  tf::Session sess;
  sess.run(tf::variables_initializer(a, b));
  CHECK(sess.run(b.assign(a.assign(a + 1) * 10)) == 20);
  auto const [va, vb] = sess.run(tf::fetch(a, b));
  CHECK(va == 2);
  CHECK(vb == 20);
}
TEST_CASE("variable: with_dependencies reads what the dependencies wrote") {
  auto const w = tf::variable<"w">(tf::constant(2));
  auto const update = w.assign_add(1);
  tf::Session sess;
  sess.run(w.initializer());
  CHECK(sess.run(tf::with_dependencies(update, w * 10)) == 30);
  CHECK(sess.run(tf::with_dependencies(tf::group(update), w * 10)) == 40);
  auto const again = tf::with_dependencies(update, w.assign_add(tf::constant<"hundred">(100)));  // in sequence
  CHECK(sess.run(again) == 105);
  auto const [outside, inside] = sess.run(tf::fetch(w * 1, tf::with_dependencies(update, w * 1)));
  CHECK(outside == 105);
  CHECK(inside == 106);
}
TEST_CASE("variable: nested dependencies") {
  auto const a = tf::variable<"a">(tf::constant(1.0f));
  auto const b = tf::variable<"b">(tf::constant(1.0f));
  auto const first = a.assign(a * 2);
  auto const second = tf::with_dependencies(first, b.assign(a * 10));  // sees the new a
  tf::Session sess;
  sess.run(tf::variables_initializer(a, b));
  CHECK(sess.run(tf::with_dependencies(second, a + b)) == 22);
}
TEST_CASE(
    "variable: global_variables_initializer makes all that a fetch reaches, variables_initializer what it is told") {
  auto const a = tf::variable<"a">(tf::constant({{0, 1}, {2, 3}}));
  auto const b = tf::get_variable<"b", int>(tf::shape<2, 2>, tf::ones_initializer());
  auto const sum = a + b;
  tf::Session sess;
  sess.run(tf::variables_initializer(a));
  CHECK(same(sess.run(a), {0, 1, 2, 3}));
  CHECK_THROWS_AS(sess.run(sum), FailedPreconditionError);
  sess.run(tf::global_variables_initializer(tf::reduce_sum(sum)));
  CHECK(same(sess.run(sum), {1, 2, 3, 4}));
}
TEST_CASE("variable: get_variable of one name and content is one variable") {
  auto const first = tf::get_variable<"shared">(tf::shape<3>, tf::ones_initializer());
  auto const second = tf::get_variable<"shared">(tf::shape<3>, tf::ones_initializer());
  static_assert(std::is_same_v<decltype(first), decltype(second)>);
  tf::Session sess;
  sess.run(first.initializer());
  sess.run(first.assign_add(1.0f));
  CHECK(same(sess.run(second), {2, 2, 2}));
}
TEST_CASE("variable: an initial value is computed, random ones are drawn once") {
  auto const w = tf::variable<"w">(tf::random_normal(tf::shape<1000>));
  auto const v = tf::variable<"v">(tf::reduce_sum(tf::square(tf::constant<"three">({1.0f, 2.0f, 2.0f}))));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(w, v));
  CHECK(sess.run(v) == 9);
  auto const one = sess.run(w), two = sess.run(w);
  CHECK(one == two);
  CHECK(one(0) != one(1));
}
TEST_CASE("variable: a failed run leaves variables as they were") {
  auto const w = tf::variable<"w">(tf::zeros(tf::shape<2>));
  auto const x = tf::placeholder<"x", float>(tf::shape<n, 2>);
  auto const step = w.assign_add(tf::reduce_sum(x, tf::axis<0>));
  tf::Session sess;
  sess.run(w.initializer());
  sess.run(step, x = {{1, 2}, {3, 4}});
  xt::xtensor<float, 2> const wrong = xt::ones<float>({2, 3});
  CHECK_THROWS_AS(sess.run(step, x = wrong), tf::errors::InvalidArgumentError);
  CHECK(same(sess.run(w), {4, 6}));
}
TEST_CASE("variable: of bool, of int64 and of no elements") {
  auto const flag = tf::variable<"flag">(tf::zeros<bool>(tf::shape<2>));
  auto const count = tf::variable<"count">(tf::zeros<std::int64_t>(tf::shape<>));
  auto const empty = tf::variable<"empty">(tf::zeros(tf::shape<0, 3>));
  tf::Session sess;
  sess.run(tf::variables_initializer(flag, count, empty));
  auto const [f, c, e] =
      sess.run(tf::fetch(flag.assign(tf::constant({true, false})), count.assign_add(std::int64_t{1} << 40),
                         tf::reduce_sum(empty.assign_add(1))));
  CHECK(same(f, {1, 0}));
  CHECK(c == std::int64_t{1} << 40);
  CHECK(e == 0);
}
