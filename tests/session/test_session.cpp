// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <support/op_test.hpp>
#include <thread>
#include <type_traits>

namespace tf = tfx;
using op_test::same;
using tf::errors::FailedPreconditionError;
using tf::errors::InvalidArgumentError;

namespace {
constexpr auto n = tf::dim<"n">;

/// One call site that several numbers go through.
template <class X>
auto scaled(X const& x, float factor) {
  return x * factor;
}
}  // namespace

TEST_CASE("session: one fetch is a value, several are a tuple, the same one may come twice") {
  auto const a = tf::constant<"a">(5);
  auto const b = tf::constant<"b">(3);
  tf::Session sess;
  static_assert(std::is_same_v<decltype(sess.run(a + b)), int>);
  CHECK(sess.run(a + b) == 8);
  auto const product = a * b;
  auto const values = sess.run(tf::fetch(product, a, product, a > b));
  static_assert(std::is_same_v<decltype(values), std::tuple<int, int, int, bool> const>);
  CHECK(values == std::tuple{15, 5, 15, true});
  CHECK(sess.run(tf::fetch(a)) == std::tuple{5});
}
TEST_CASE("session: an operation gives nothing, in a tuple tfx::none") {
  auto const w = tf::variable<"w">(tf::constant(1));
  tf::Session sess;
  static_assert(std::is_void_v<decltype(sess.run(w.initializer()))>);
  auto const values = sess.run(tf::fetch(w.initializer(), tf::constant<"c">(7)));
  static_assert(std::is_same_v<decltype(values), std::tuple<tf::none, int> const>);
  CHECK(std::get<1>(values) == 7);
  CHECK(sess.run(w) == 1);
}
TEST_CASE("session: every rank up to 8 comes back as a container of that rank") {
  tf::Session sess;
  auto const [a, b, c] = sess.run(tf::fetch(tf::ones(tf::shape<2>), tf::ones<int>(tf::shape<1, 0, 3>),
                                            tf::ones<double>(tf::shape<1, 2, 1, 2, 1, 2, 1, 2>)));
  static_assert(std::is_same_v<decltype(a), xt::xtensor<float, 1> const>);
  CHECK(same(a, {1, 1}));
  CHECK((b.size() == 0 && b.shape(2) == 3));
  CHECK((c.dimension() == 8 && c.size() == 16 && c.shape(7) == 2));
}
TEST_CASE("session: a run of many steps") {
  auto const x = tf::placeholder<"x", double>(tf::shape<2, 2>);
  auto const power = [](auto self, auto const& y, auto const& by, auto left) {
    if constexpr (left() == 0) {
      return y;
    } else {
      return self(self, tf::matmul(y, by), by, std::integral_constant<int, left() - 1>{});
    }
  };
  tf::Session sess;  // more than 32 steps, which the executor keeps in a loop
  CHECK(same(sess.run(power(power, x, x, std::integral_constant<int, 40>{}), x = {{1, 1}, {0, 1}}), {1, 41, 0, 1}));
}

TEST_CASE("session: eval and run take the innermost default session of the thread") {
  auto const w = tf::variable<"w">(tf::constant(0));
  tf::Session outer, inner;
  outer.run(w.assign(1));
  inner.run(w.assign(2));
  CHECK_THROWS_AS(w.eval(), FailedPreconditionError);
  {
    auto const first = outer.as_default();
    CHECK(w.eval() == 1);
    {
      auto const second = inner.as_default();
      CHECK(w.eval() == 2);
      {
        auto const third = outer.as_default();
        CHECK(w.eval() == 1);
      }
      CHECK(w.eval() == 2);
    }
    CHECK(w.eval() == 1);
    bool none_elsewhere = false;
    std::thread([&] {
      try {
        w.eval();
      } catch (FailedPreconditionError const&) {
        none_elsewhere = true;
      }
    }).join();
    CHECK(none_elsewhere);
  }
  CHECK_THROWS_AS(w.eval(), FailedPreconditionError);
}
TEST_CASE("session: an interactive session is the default while it lives, and eval takes feeds") {
  auto const x = tf::placeholder<"x", float>(tf::shape<2>);
  auto const w = tf::variable<"w">(tf::ones(tf::shape<2>));
  {
    tf::InteractiveSession sess;
    w.initializer().run();
    CHECK(same((x + w).eval(x = {1, 2}), {2, 3}));
    w.assign(x).eval(x = {8, 9});
    CHECK(same(sess.run(w), {8, 9}));
  }
  CHECK_THROWS_AS(tf::Session::current(), FailedPreconditionError);
}
TEST_CASE("session: after close every run is refused, that of a callable too") {
  auto const x = tf::placeholder<"x", int>(tf::shape<>);
  auto const y = x + 1;
  tf::Session sess;
  auto next = sess.make_callable(y, x);
  CHECK(next(1) == 2);
  CHECK(sess.run(y, x = 1) == 2);
  sess.close();
  CHECK_THROWS_WITH_AS(sess.run(y, x = 1), "Attempted to use a closed Session.", FailedPreconditionError);
  CHECK_THROWS_WITH_AS(next(1), "Attempted to use a closed Session.", FailedPreconditionError);
  CHECK_NOTHROW(sess.close());
}
TEST_CASE("session: moving keeps variables; the one that was moved from is closed") {
  auto const w = tf::variable<"w">(tf::constant(1));
  tf::Session sess;
  sess.run(w.assign(5));
  tf::Session moved = std::move(sess);
  CHECK(moved.run(w) == 5);
  CHECK_THROWS_WITH_AS(sess.run(w), "Attempted to use a closed Session.", FailedPreconditionError);
  CHECK_NOTHROW(sess.close());
  sess = std::move(moved);
  CHECK(sess.run(w) == 5);
  auto& self = sess;
  sess = std::move(self);
  CHECK(sess.run(w) == 5);
  sess = tf::Session();
  CHECK_THROWS_AS(sess.run(w), FailedPreconditionError);  // uninitialised
}
TEST_CASE("session: many in a vector") {
  auto const w = tf::variable<"w">(tf::constant(1));
  std::vector<tf::Session> several(3);
  for (int i = 0; i < 3; ++i) several[std::size_t(i)].run(w.assign(i));
  for (int i = 3; i < 20; ++i) {
    tf::Session sess;
    sess.run(w.assign(i));
    several.push_back(std::move(sess));
  }
  several.erase(several.begin());
  for (std::size_t i = 0; i < several.size(); ++i) CHECK(several[i].run(w) == int(i + 1));
}
TEST_CASE("session: the default session follows it where it is moved, and is closed with it") {
  auto const w = tf::variable<"w">(tf::constant(0));
  tf::Session sess;
  sess.run(w.assign(1));
  auto const guard = sess.as_default();
  tf::Session moved = std::move(sess);
  CHECK(w.eval() == 1);
  moved.run(w.assign(2));
  CHECK(w.eval() == 2);
  moved.close();
  CHECK_THROWS_WITH_AS(w.eval(), "Attempted to use a closed Session.", FailedPreconditionError);
}
TEST_CASE("session: an interactive session keeps its place among the defaults where it is moved") {
  auto const w = tf::variable<"w">(tf::constant(0));
  tf::InteractiveSession first;
  w.assign(1).eval();
  {
    tf::InteractiveSession second;
    w.assign(2).eval();
    tf::InteractiveSession moved = std::move(first);  // still below the second
    CHECK(w.eval() == 2);
    second = std::move(moved);
    CHECK(w.eval() == 1);
  }
  CHECK_THROWS_AS(w.eval(), FailedPreconditionError);
}
TEST_CASE("session: training while a weight is fed starts from what is fed") {
  auto const x = tf::placeholder<"x", float>(tf::shape<>);
  auto const w = tf::variable<"w">(tf::constant(3.0f));
  auto const b = tf::variable<"b">(tf::constant(1.0f));
  auto const train = tf::train::GradientDescentOptimizer(0.5f).minimize(tf::square(w * x) + b);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(train));
  sess.run(train, x = 1.0f, w = 8.0f);
  CHECK(sess.run(tf::fetch(w, b)) == std::tuple{0.0f, 0.5f});
  CHECK(sess.run(w.assign_add(1.0f), w = 5.0f) == 6);
}
TEST_CASE("session: derivatives go on behind a tensor that is fed, at its value") {
  auto const x = tf::placeholder<"x", double>(tf::shape<>);
  auto const h = tf::square(x);
  auto const e = tf::exp(x);
  auto const w = tf::variable<"w">(tf::constant(3.0));
  auto const twice = w * 2.0;
  auto const [dx] = tf::gradients(h * x, x);
  auto const [de, along] = tf::gradients(tf::square(e), x, e);
  tf::Session sess;
  CHECK(sess.run(dx, x = 3.0) == 27);
  CHECK(sess.run(dx, x = 3.0, h = 10.0) == 10 + 3 * 6);
  CHECK(sess.run(tf::jvp(h * x, x, x), x = 3.0, h = 10.0) == 3 * (10 + 3 * 6));
  CHECK(sess.run(tf::fetch(de, along, e), e = 5.0) == std::tuple{50.0, 10.0, 5.0});  // of x nothing is needed
  sess.run(w.initializer());
  sess.run(tf::train::GradientDescentOptimizer(0.5).minimize(tf::square(twice)), twice = 1.0);
  CHECK(sess.run(w) == 1);
}
TEST_CASE("session: the callable of a run, fed in the order of its placeholders") {
  auto const x = tf::placeholder<"x", float>(tf::shape<n>);
  auto const y = tf::placeholder<"y", float>(tf::shape<>);
  tf::Session sess;
  auto f = sess.make_callable(tf::fetch(x * y, tf::reduce_sum(x) - y), y, x);
  for (int i = 1; i < 4; ++i) {
    auto const [product, rest] = f(float(i), std::vector<float>{1, 2});
    CHECK(same(product, {1.0 * i, 2.0 * i}));
    CHECK(rest == float(3 - i));
  }
  auto const [product, rest] = f(2, std::array<double, 3>{1, 2, 3});  // other types, one more program
  CHECK(same(product, {2, 4, 6}));
  CHECK(rest == 4);
  auto constant = sess.make_callable(tf::constant<"c">(3));
  CHECK(constant() == 3);
}
TEST_CASE("session: a callable keeps the numbers that ride in its fetch, and sees assignments") {
  auto const w = tf::variable<"w">(tf::constant(1.0f));
  tf::Session sess;
  sess.run(w.initializer());
  auto twice = sess.make_callable(scaled(w, 2));
  auto thrice = sess.make_callable(scaled(w, 3));
  CHECK(twice() == 2);
  CHECK(thrice() == 3);
  sess.run(w.assign(10));
  CHECK(twice() == 20);
  CHECK(thrice() == 30);
}
TEST_CASE("session: programs take turns and keep their own memory") {
  auto const x = tf::placeholder<"x", float>(tf::shape<n>);
  tf::Session sess;
  for (int i = 0; i < 3; ++i) {
    std::vector<float> const value(std::size_t(3 * i + 1), 2.0f);
    CHECK(sess.run(tf::reduce_sum(x * x), x = value) == float(4 * value.size()));
    CHECK(sess.run(tf::reduce_max(x + 1), x = value) == 3);
  }
}

TEST_CASE("session: a number in the source is a parameter of the graph, told apart by its place") {
  auto const x = tf::placeholder<"x", float>(tf::shape<>);
  tf::Session sess;
  CHECK(sess.run((x + 1) * (x + 2), x = 3.0f) == 20);
  CHECK(sess.run(scaled(x, 2), x = 3.0f) == 6);
  CHECK(sess.run(scaled(x, 10), x = 3.0f) == 30);
}
TEST_CASE("session: two different numbers through one place in one graph are refused, and the remedy is named") {
  auto const x = tf::placeholder<"x", float>(tf::shape<>);
  tf::Session sess;
  CHECK(sess.run(scaled(x, 2) + scaled(x, 2), x = 3.0f) == 12);
  std::string const message = op_test::refusal([&] { sess.run(scaled(x, 2) + scaled(x, 3), x = 3.0f); });
  CHECK(message.find("reach one graph through the same place") != std::string::npos);
  CHECK(message.find("give each a name") != std::string::npos);
  // Where both are fetched in one run, too.
  CHECK_THROWS_AS(sess.run(tf::fetch(scaled(x, 2), scaled(x, 3)), x = 3.0f), InvalidArgumentError);
}
TEST_CASE("session: a helper that is called twice with other tensors may take other numbers") {
  auto const a = tf::placeholder<"a", float>(tf::shape<>);
  auto const b = tf::placeholder<"b", float>(tf::shape<>);
  tf::Session sess;
  CHECK(sess.run(scaled(a, 2) + scaled(b, 10), a = 3.0f, b = 1.0f) == 16);
}

TEST_CASE("session: different sessions run in parallel threads") {
  auto const x = tf::placeholder<"x", double>(tf::shape<n>);
  auto const total = tf::variable<"total">(tf::constant(0.0));
  auto const add = total.assign_add(tf::reduce_sum(x));
  double result[2] = {};
  auto const work = [&](int id) {
    tf::Session sess;
    sess.run(total.initializer());
    for (int i = 1; i <= 500; ++i) sess.run(add, x = std::vector<double>(std::size_t(i % 7), double(id + 1)));
    result[id] = sess.run(total);
  };
  std::thread first(work, 0), second(work, 1);
  first.join();
  second.join();
  double expected = 0;
  for (int i = 1; i <= 500; ++i) expected += i % 7;
  CHECK(result[0] == expected);
  CHECK(result[1] == 2 * expected);
}
