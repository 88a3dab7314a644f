// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <support/op_test.hpp>
#include <utility>

namespace tf = tfx;
using op_test::same;
using tf::errors::FailedPreconditionError;
using tf::errors::InvalidArgumentError;

namespace {
constexpr auto n = tf::dim<"n">;
auto const x = tf::placeholder<"x", float>(tf::shape<n>);
auto const m = tf::placeholder<"m", float>(tf::shape<n, 2>);
auto const k = tf::placeholder<"k", int>(tf::shape<>);
auto const w = tf::variable<"w">(tf::ones(tf::shape<>));
auto const product = x * tf::reduce_sum(m, tf::axis<1>);

/// A callable stands before its session, which ends first.
class counter {
 public:
  counter() {
    session_.run(w.initializer());
    step_ = session_.make_callable(more_);
  }
  float count() const { return step_(); }

 private:
  static inline auto const more_ = w.assign_add(w);
  decltype(std::declval<tf::Session&>().make_callable(more_)) step_;
  tf::Session session_;
};
}  // namespace

TEST_CASE("callable: braces of any rank, of numbers of several types, among other values") {
  tf::Session sess;
  auto const f = sess.make_callable(product, x, m);
  std::vector<float> const two{1, 2};
  CHECK(same(f({1, 2.5f}, {{1, 2}, {3, 4}}), {3, 17.5}));
  CHECK(same(f(two, {{1, 2}, {3, 4}}), {3, 14}));
  CHECK(same(f({1, 2}, xt::xtensor<double, 2>{{1, 2}, {3, 4}}), {3, 14}));
  CHECK(same(f({1, 2, 3}, {{1, 1}, {1, 1}, {1, 1}}), {2, 4, 6}));
  auto const g = sess.make_callable(tf::cast<float>(k) * x, k, x);
  CHECK(same(g({2}, {1, 2}), {2, 4}));
  CHECK(same(g(3, {}), {}));
  CHECK_THROWS_WITH_AS(f({1, 2}, {{1, 2}, {3, 4}, {5, 6}}),
                       "Cannot feed value of shape [3,2] for Tensor 'm:0': dimension 'n' is 2 in this run, not 3",
                       InvalidArgumentError);
  CHECK_THROWS_AS(f({1, 2}, {{1, 2}, {3}}), InvalidArgumentError);
}
TEST_CASE("callable: feeds by name, in any order") {
  tf::Session sess;
  auto const f = sess.make_callable(product, x, m);
  xt::xtensor<float, 2> const value{{1, 2}, {3, 4}};
  CHECK(same(f(x = {4, 5}, m = value), {12, 35}));
  CHECK(same(f(m = value, x = {4, 5}), {12, 35}));
}
TEST_CASE("callable: one that make_callable did not make says so when it is called") {
  tf::Session sess;
  decltype(sess.make_callable(product, x, m)) f;
  char const* const message =
      "Attempted to call an empty callable.\nhelp: step = sess.make_callable(fetches, placeholders…);";
  std::vector<float> const one{1};
  xt::xtensor<float, 2> const row{{1, 2}};
  CHECK_THROWS_WITH_AS(f(one, row), message, FailedPreconditionError);
  f = sess.make_callable(product, x, m);
  CHECK(same(f(one, row), {3}));
  auto const taken = std::move(f);
  CHECK(same(taken(one, row), {3}));
  CHECK_THROWS_WITH_AS(f(one, row), message, FailedPreconditionError);
}
TEST_CASE("callable: copies share the session, and each keeps its own fetches") {
  tf::Session sess;
  sess.run(w.initializer());
  auto const scaled = [](float by) { return w * by; };
  auto twice = sess.make_callable(scaled(2));
  auto copy = twice;
  CHECK(twice() == 2);
  twice = sess.make_callable(scaled(3));
  CHECK(twice() == 3);
  CHECK(copy() == 2);
  auto const& self = copy;
  copy = self;
  CHECK(copy() == 2);
}
TEST_CASE("callable: a member that stands before its session") {
  counter c;
  CHECK(c.count() == 2);
  CHECK(c.count() == 4);
}
TEST_CASE("callable: one that outlives its session meets a closed one") {
  std::vector<float> const one{1};
  tf::Session assigned;
  auto const make = [&] {
    tf::Session sess;
    auto f = sess.make_callable(x + x, x);
    CHECK(same(f(one), {2}));
    return f;
  };
  auto const f = make();
  CHECK_THROWS_WITH_AS(f(one), "Attempted to use a closed Session.", FailedPreconditionError);
  auto const g = assigned.make_callable(x + x, x);
  CHECK(same(g(one), {2}));
  assigned = tf::Session();
  CHECK_THROWS_WITH_AS(g(one), "Attempted to use a closed Session.", FailedPreconditionError);
}
TEST_CASE("callable: follows a session that is moved") {
  tf::Session sess;
  sess.run(w.initializer());
  auto const f = sess.make_callable(w + w);
  std::vector<tf::Session> several(3);
  several.push_back(std::move(sess));
  CHECK(f() == 2);
  several.back().run(w.assign(4.0f));
  CHECK(f() == 8);
}
TEST_CASE("callable: writes into memory of the user's, without a value") {
  tf::Session sess;
  std::array<float, 2> out{};
  auto const f = sess.make_callable(tf::into(x + x, out), x);
  static_assert(std::is_void_v<decltype(f(out))>);
  f({1, 2.5f});
  CHECK(out == std::array<float, 2>{2, 5});
}
TEST_CASE("callable: an argument may be a tensor that holds numbers") {
  tf::Session sess;
  auto const shifted = x + 1.0f;
  auto const f = sess.make_callable(shifted * 3.0f, shifted);
  std::vector<float> const values{1, 2};
  CHECK(same(f(values), {3, 6}));
  CHECK(same(f({2, 3}), {6, 9}));
}
