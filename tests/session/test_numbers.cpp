// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>
#include <support/op_test.hpp>
#include <tuple>

namespace tf = tfx;
using op_test::refusal;
using op_test::same;

namespace {
auto const x = tf::placeholder<"x", float>(tf::shape<>);

auto scaled(float factor) { return x * factor; }
template <tf::name Name>
auto filled(float value) {
  return tf::variable<Name>(tf::fill(tf::shape<2>, value));
}
template <tf::name Name>
auto constant_by(double value) {
  return tf::variable<Name>(tf::constant_initializer(value)(tf::shape<2>));
}
/// y · 1.5 + 0.25, so many times.
template <int Count, class Y>
auto repeat(Y const& y) {
  if constexpr (Count == 1) {
    return y * 1.5f + 0.25f;
  } else {
    return repeat<Count - Count / 2>(repeat<Count / 2>(y));
  }
}
double repeated(int count, double y) {
  for (int i = 0; i < count; ++i) y = y * 1.5 + 0.25;
  return y;
}
bool holds(std::string const& text, char const* part) { return text.find(part) != std::string::npos; }
/// Rows that a number picks which the source does not name: `row(0)`, `row(1)`.
auto const rows = tf::constant({{1.0f, 2.0f}, {30.0f, 40.0f}});
auto row(int i) { return rows[i]; }
}  // namespace

TEST_CASE("numbers: places in the source are numbers of their own") {
  tf::Session sess;
  CHECK(sess.run(2 * x + 3 * x, x = 5.0f) == 25);
  CHECK(sess.run((x + 1) * (x + 2), x = 1.0f) == 6);
  CHECK(sess.run(tf::where(x > 1, x * 10, x - 4), x = 1.0f) == -3);
}
TEST_CASE("numbers: one place with two values in one graph is refused, with both") {
  tf::Session sess;
  CHECK(sess.run(scaled(2), x = 3.0f) == 6);
  CHECK(sess.run(scaled(4), x = 3.0f) == 12);
  CHECK(sess.run(scaled(4) + scaled(4), x = 3.0f) == 24);
  auto const both = scaled(2.5f) + scaled(-4);
  std::string const text = refusal([&] { sess.run(both, x = 1.0f); });
  CHECK(holds(text, "2.5"));
  CHECK(holds(text, "-4"));
  CHECK(holds(text, "name"));
  CHECK(holds(refusal([&] { sess.run(tf::fetch(scaled(1), scaled(3)), x = 1.0f); }), "two different numbers, 1 and 3"));
}
TEST_CASE("numbers: any count of them, in the order in which they are met") {
  tf::Session sess;
  auto const few = repeat<4>(x);
  auto const more = repeat<5>(x);
  auto const many = repeat<50>(x);
  static_assert(decltype(few)::literal_count == 8 && decltype(more)::literal_count == 10 &&
                decltype(many)::literal_count == 100);
  CHECK(op_test::near(sess.run(few, x = 1.0f), repeated(4, 1), 1e-6));
  CHECK(op_test::near(sess.run(more, x = 1.0f), repeated(5, 1), 1e-6));
  CHECK(op_test::near(sess.run(many / 1e8f, x = 1.0f), repeated(50, 1) / 1e8, 1e-5));
  auto const mixed = tf::sin(more) + (few - more) * tf::cos(few) + 2.0f;
  double const a = repeated(4, .5), b = repeated(5, .5);
  CHECK(op_test::near(sess.run(mixed, x = 0.5f), std::sin(b) + (a - b) * std::cos(a) + 2, 1e-5));
  auto copy = more;
  copy = more;
  copy = *&copy;
  CHECK(sess.run(copy - more, x = 3.0f) == 0);
}
TEST_CASE("numbers: an array and a number of an expression that went out of scope") {
  auto const make = [] { return tf::constant({1.0f, 2.0f, 3.0f}) * 2.0f; };
  auto kept = make();
  kept = make();
  CHECK(same(tf::Session().run(kept), {2, 4, 6}));
}
TEST_CASE("constants: those without names are of one type, and told apart by what reads them") {
  auto const a = tf::constant(4.0f), b = tf::constant(9.0f);
  tf::Session sess;
  CHECK(sess.run(tf::sqrt(a) + tf::sqrt(b)) == 5);
  CHECK(sess.run(a * b - a / b + a, x = 0.0f) == doctest::Approx(36 - 4.0 / 9 + 4));
  CHECK(sess.run(x * a - b * x + a, x = 10.0f) == -46);
  auto const [one, two] = sess.run(tf::fetch(a, b));
  CHECK(one == 4);
  CHECK(two == 9);
  auto const [first, rest] = sess.run(std::tuple{tf::sqrt(b), std::array{a, b, a}});
  CHECK(first == 3);
  CHECK(rest == std::array{4.0f, 9.0f, 4.0f});
  CHECK(same(sess.run(tf::stack(a, b, tf::sqrt(a))), {4, 9, 2}));
  auto const w = tf::variable<"w">(tf::sqrt(a) + b);
  sess.run(w.initializer());
  CHECK(sess.run(w) == 11);
  auto y = x + 0.0f;
  auto const deep = tf::sin(y + tf::sin(y) * a) * b;
  CHECK(sess.run(deep, x = 1.0f) == doctest::Approx(9 * std::sin(1 + 4 * std::sin(1.0))));
}
TEST_CASE("constants: with names they can be fed, and have derivatives") {
  auto const a = tf::constant<"a">(4.0f), b = tf::constant<"a">(4.0f);
  tf::Session sess;
  CHECK(sess.run(x + a, a = 10.0f, x = 1.0f) == 11);
  auto const [da] = tf::gradients(a * a * x, b);
  CHECK(sess.run(da, x = 9.0f) == 72);
}
TEST_CASE("feeds: a tensor that holds other numbers than the graph's is not taken for it") {
  auto const two = scaled(2), three = scaled(3);
  tf::Session sess;
  CHECK(sess.run(three + 1.0f, three = 100.0f) == 101);
  CHECK(sess.run(three + 1.0f, scaled(3) = 100.0f) == 101);
  CHECK(holds(refusal([&] { sess.run(three + 1.0f, two = 100.0f, x = 5.0f); }), "name"));
  CHECK(sess.run(x + 1.0f, two = 100.0f, x = 5.0f) == 6);  // it is not in the graph
  auto const list = tf::constant({1.0f, 2.0f});
  CHECK(same(sess.run(list * 2.0f, list = {5, 6}), {10, 12}));
}
TEST_CASE("variables: their numbers are their own, whatever helper made them") {
  auto const p = filled<"p">(1);
  auto const q = filled<"q">(5);
  auto const r = constant_by<"r">(0.25);
  auto const s = constant_by<"s">(0.5);
  auto const two = tf::variable<"two">(2.0f);
  auto const three = tf::variable<"three">(tf::constant(3.0f));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(p, q, r, s, two, three));
  CHECK(same(sess.run(p + 10 * q + r + s), {51.75, 51.75}));
  CHECK(sess.run(two * three) == 6);
}
TEST_CASE("variables: of one name and content from two places they are one; with two numbers they are refused") {
  auto const here = tf::variable<"w">(tf::fill(tf::shape<2>, 3.0f));
  auto const there = tf::variable<"w">(tf::fill(tf::shape<2>, 3.0f));
  auto const other = tf::variable<"w">(tf::fill(tf::shape<2>, 4.0f));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(here));
  CHECK(same(sess.run(here + there), {6, 6}));
  CHECK(same(sess.run(there.assign_add(here)), {6, 6}));
  CHECK(same(sess.run(here), {6, 6}));
  CHECK(refusal([&] { sess.run(here + other); }) ==
        "two variables of one name begin as different numbers, 3 and 4, and reach one graph\n"
        "help: give each variable a name of its own, or use one variable in both places");
  CHECK(refusal([&] { sess.run(tf::variable<"v">({1, 2}) + tf::variable<"v">({1, 3})); }) ==
        "two variables of one name begin as different values and reach one graph\n"
        "help: give each variable a name of its own, or use one variable in both places");
  CHECK(tf::Graph(here + there).variables().size() == 1);
}
TEST_CASE("variables: an initial value that reads another variable") {
  auto const a = tf::variable<"a">(tf::fill(tf::shape<2>, 3.0f));
  auto const b = tf::variable<"b">(a * 2.0f + 1.0f);
  tf::Session sess;
  sess.run(a.initializer());
  sess.run(b.initializer());
  CHECK(same(sess.run(b), {7, 7}));
}
TEST_CASE("assignments that add: one object runs once, two calls are two or refused") {
  auto const n = tf::variable<"n">(0);
  tf::Session sess;
  sess.run(n.initializer());
  auto const add = n.assign_add(1);
  sess.run(tf::fetch(add, add));
  CHECK(sess.run(n) == 1);
  sess.run(tf::fetch(tf::assign_add(n, 10), tf::assign_add(n, 10)));
  CHECK(sess.run(n) == 21);
  sess.run(tf::group(tf::assign_add(n, 100), tf::assign_sub(n, 1), n.assign_add(1000)));
  CHECK(sess.run(n) == 1120);
  auto const more = [&](int by) { return n.assign_add(by); };
  CHECK(holds(refusal([&] { sess.run(tf::fetch(more(1), more(1))); }), "name"));
  CHECK(sess.run(n) == 1120);
  sess.run(tf::fetch(n.assign_add(1), n.assign_add(10), n.assign_sub(1), n.assign_sub(10)));
  CHECK(sess.run(n) == 1120);
  auto const p1 = n.assign_add(1);
  auto const p2 = n.assign_add(10);
  sess.run(tf::group(p1, p2, n.assign_sub(5), n.assign_sub(6)));
  CHECK(sess.run(n) == 1120);
  auto const named = [&]<tf::name Name>(int by) { return tf::assign_add<Name>(n, by); };
  sess.run(tf::group(named.operator()<"one">(1), named.operator()<"two">(2)));
  CHECK(sess.run(n) == 1123);
}
TEST_CASE("optimizers: steps that names tell apart are all taken, others of one loss refused") {
  auto const w = tf::variable<"w">(tf::fill(tf::shape<2>, 1.0f));
  auto const loss = tf::reduce_sum(w);
  tf::train::GradientDescentOptimizer const slow(0.25f), fast(1.0f);
  tf::Session sess;
  auto const step = slow.minimize(loss);
  sess.run(tf::global_variables_initializer(step));
  sess.run(tf::fetch(step, step));
  CHECK(same(sess.run(w), {.75, .75}));
  sess.run(tf::group(slow.minimize<"slow">(loss), fast.minimize<"fast">(loss)));
  CHECK(same(sess.run(w), {-.5, -.5}));
  CHECK(holds(refusal([&] { sess.run(tf::group(slow.minimize(loss), slow.minimize(loss))); }), "name"));
  CHECK(holds(refusal([&] { sess.run(tf::group(slow.minimize(loss), fast.minimize(loss))); }), "name"));
  CHECK(same(sess.run(w), {-.5, -.5}));
}
TEST_CASE("effects of what no name tells: an assignment is one, wherever it is used") {
  auto const w = tf::variable<"w">(tf::zeros(tf::shape<2>));
  auto const n = tf::variable<"n">(1.0f);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(w, n));
  auto const member = w.assign_add(row(0));
  auto const free = tf::assign_add(w, row(1));
  auto const named = tf::assign_sub<"back">(w, row(0));
  static_assert(tf::detail::distinct<decltype(member)> && tf::detail::distinct<decltype(named)>);
  sess.run(tf::fetch(member, member));
  CHECK(same(sess.run(w), {1, 2}));
  CHECK(same(sess.run(free + free), {62, 84}));
  CHECK(same(sess.run(tf::stack(named, named)), {30, 40, 30, 40}));
  CHECK(same(sess.run(w), {30, 40}));
  auto const doubled = n.assign(tf::sqrt(tf::with_dependencies(n.assign_add(1.0f), tf::constant(4.0f))));
  static_assert(tf::detail::distinct<decltype(doubled)>);
  CHECK(sess.run(doubled * doubled + doubled) == 6);
  auto const scalar = n.assign_add(tf::constant(5.0f));
  CHECK(sess.run(scalar + scalar) == 14);
  CHECK(sess.run(n) == 7);
}
TEST_CASE("effects of what no name tells: two calls are two, or refused") {
  auto const w = tf::variable<"w">(tf::zeros(tf::shape<2>));
  auto const v = tf::variable<"v">(tf::zeros(tf::shape<2>));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(w, v));
  sess.run(tf::group(tf::assign_add(w, row(0)), tf::assign_add(w, row(1)), tf::assign_sub(v, row(0))));
  CHECK(same(sess.run(w), {31, 42}));
  CHECK(same(sess.run(v), {-1, -2}));
  sess.run(tf::group(w.assign(row(1)), v.assign(row(0))));
  sess.run(tf::group(w.assign_add(row(0)), w.assign_sub(row(1)), v.assign_add(row(1))));
  CHECK(same(sess.run(w), {1, 2}));
  CHECK(same(sess.run(v), {31, 42}));
  sess.run(tf::group(w.assign_add(row(0)), w.assign_add(row(1)), w.assign_sub(row(1)), w.assign_sub(row(0))));
  CHECK(same(sess.run(w), {1, 2}));
  auto const add = [&](int i) { return tf::assign_add(w, row(i)); };
  auto const member = [&](int i) { return w.assign_add(row(i)); };
  auto const less = [&](int i) { return w.assign_sub(row(i)); };
  for (int i : {0, 1}) {
    CHECK(holds(refusal([&] { sess.run(tf::fetch(member(0), member(i))); }), "name"));
    CHECK(holds(refusal([&] { sess.run(tf::group(less(0), less(i))); }), "name"));
    CHECK(holds(refusal([&] { sess.run(tf::fetch(add(0), add(i))); }), "name"));
  }
  auto const set = [&](int i) { return w.assign(row(i)); };
  CHECK(holds(refusal([&] { sess.run(tf::fetch(set(0), set(1))); }), "name"));
  CHECK(same(sess.run(w), {1, 2}));
  auto const named = [&]<tf::name Name>(int i) { return tf::assign_add<Name>(w, row(i)); };
  sess.run(tf::fetch(named.operator()<"one">(0), named.operator()<"two">(1)));
  CHECK(same(sess.run(w), {32, 44}));
}
TEST_CASE("effects of what no name tells: a step of an optimizer is one, two are two or refused") {
  auto const w = tf::variable<"w">(tf::zeros(tf::shape<1, 2>));
  auto const loss = [&](int i) { return tf::reduce_sum(tf::matmul(w, tf::expand_dims(row(i), tf::axis<1>))); };
  static_assert(!tf::detail::distinct<decltype(loss(0))>);
  tf::train::GradientDescentOptimizer const opt(1.0f);
  tf::train::GradientDescentOptimizer const halved(tf::sqrt(tf::constant(0.25f)));
  auto const step = opt.minimize(loss(0));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(step));
  sess.run(tf::fetch(step, step));
  CHECK(same(sess.run(w), {-1, -2}));
  auto const [before, done] = sess.run(tf::fetch(loss(1), halved.minimize(loss(1))));
  static_cast<void>(done);
  CHECK(before == -110);
  CHECK(same(sess.run(w), {-16, -22}));
  sess.run(tf::group(opt.minimize<"first">(loss(0)), opt.minimize<"second">(loss(1))));
  CHECK(same(sess.run(w), {-47, -64}));
  for (int i : {0, 1})
    CHECK(holds(refusal([&] { sess.run(tf::fetch(opt.minimize(loss(0)), opt.minimize(loss(i)))); }), "name"));
  CHECK(same(sess.run(w), {-47, -64}));
}
TEST_CASE("effects of what no name tells: what is computed after others is computed once") {
  auto const n = tf::variable<"n">(0.0f);
  auto const m = tf::variable<"m">(0.0f);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(n, m));
  auto const count = n.assign_add(1.0f);
  auto const add = m.assign_add(1.0f);
  auto const read = [&](float value) {
    return tf::with_dependencies(count, tf::with_dependencies(add, tf::constant(value)));
  };
  auto const four = read(4);
  CHECK(sess.run(tf::sqrt(four) + four) == 6);
  sess.run(tf::fetch(four, four));
  CHECK(sess.run(n) == 2);
  CHECK(sess.run(m) == 2);
  auto const left = tf::with_dependencies(add, tf::with_dependencies(tf::constant(4.0f), m));
  CHECK(sess.run(left + left) == 6);
  CHECK(sess.run(read(4) + 10 * read(5)) == 54);
  CHECK(sess.run(n) == 3);
  CHECK(sess.run(m) == 4);
}
