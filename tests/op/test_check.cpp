// SPDX-License-Identifier: Apache-2.0
// covers: assert assert_comparison assert_near assert_sign assert_type check_numerics shown_text shown_arguments
#include <complex>
#include <support/op_test.hpp>

namespace tf = tfx;
using namespace op_test;

namespace {
constexpr auto n = tf::dim<"n">;
std::string const none;

template <class T>
void check_dtype() {
  auto const x = tf::placeholder<"x", T>(tf::shape<n>);
  auto const y = tf::placeholder<"y", T>(tf::shape<n>);
  tf::Session sess;
  auto const text = [&](auto const& check, std::vector<T> a, std::vector<T> b) {
    return refusal([&] { sess.run(check, x = a, y = b); });
  };
  std::vector<T> const low{1, 2, 3}, high{2, 3, 4}, mixed{1, 5, 3};
  std::string const shown = " [x (x:0) = ] [1 2 3] [y (y:0) = ] [1 5 3]";
  auto const failed = [&](std::string const& condition) {
    return "assertion failed: [Condition x " + condition + " y did not hold element-wise:]" + shown;
  };
  auto const all = tf::group(tf::assert_less(x, y), tf::assert_less_equal(x, y), tf::assert_greater(y, x),
                             tf::assert_greater_equal(y, x), tf::assert_none_equal(x, y), tf::assert_positive(x),
                             tf::assert_non_negative(x), tf::assert_near(tf::cast<float>(x), tf::cast<float>(x)));
  CHECK(text(all, low, high) == none);
  CHECK(text(all, {}, {}) == none);
  CHECK(text(tf::assert_equal(x, y), low, low) == none);
  CHECK(text(tf::assert_equal(x, y), low, mixed) == failed("=="));
  CHECK(text(tf::assert_less(x, y), low, mixed) == failed("<"));
  CHECK(text(tf::assert_greater(x, y), low, mixed) == failed(">"));
  CHECK(text(tf::assert_greater_equal(x, y), low, mixed) == failed(">="));
  CHECK(text(tf::assert_none_equal(x, y), low, mixed) == failed("!="));
  CHECK(text(tf::assert_less_equal(y, x), low, mixed) ==
        "assertion failed: [Condition x <= y did not hold element-wise:] [x (y:0) = ] [1 5 3] [y (x:0) = ] [1 2 3]");
  CHECK(text(tf::assert_negative(x), low, low) ==
        "assertion failed: [] [Condition x < 0 did not hold element-wise:] [x (x:0) = ] [1 2 3]");
}
}  // namespace

TEST_CASE("assert_*: every dtype, any number of elements, what is said") {
  check_dtype<float>();
  check_dtype<double>();
  check_dtype<int>();
  check_dtype<tf::i64>();
  check_dtype<std::uint8_t>();
}

TEST_CASE("assert_*: signs, NaN, numbers, messages, how much is shown") {
  auto const x = tf::placeholder<"x", double>(tf::shape<tf::dyn, 2>);
  tf::Session sess;
  auto const text = [&](auto const& check, std::vector<std::array<double, 2>> const& v) {
    return refusal([&] { sess.run(check, x = v); });
  };
  auto const fails = [&](auto const& check, double v) {
    return text(check, {{v, v}}) != none && text(check, {}) == none;
  };
  CHECK(fails(tf::assert_positive(x), not_a_number));
  CHECK(fails(tf::assert_negative(x), not_a_number));
  CHECK(fails(tf::assert_non_negative(x), not_a_number));
  CHECK(fails(tf::assert_non_positive(x), not_a_number));
  CHECK(fails(tf::assert_positive(x), -0.0));
  CHECK(fails(tf::assert_negative(x), 0));
  CHECK(fails(tf::assert_non_negative(x), -infinity));
  CHECK(fails(tf::assert_non_positive(x), 1e-300));
  CHECK(fails(tf::assert_equal(x, x), not_a_number));
  CHECK(text(tf::assert_none_equal(x, x), {{not_a_number, not_a_number}}) == none);
  CHECK(text(tf::assert_non_negative(x), {{0, infinity}}) == none);

  // Rows in brackets, three elements unless more are asked for; numbers are called by the check.
  std::vector<std::array<double, 2>> const v{{0.5, -1}, {2, 0.1}, {1.0 / 3, 1e10}};
  CHECK(text(tf::assert_positive(x, tf::message<"lengths">), v) ==
        "assertion failed: [lengths] [Condition x > 0 did not hold element-wise:] [x (x:0) = ] [[0.5 -1][2...]...]");
  CHECK(text(tf::assert_non_positive(x, tf::message<"m">, tf::summarize<-1>), v) ==
        "assertion failed: [m] [Condition x <= 0 did not hold element-wise:] [x (x:0) = ] "
        "[[0.5 -1][2 0.1][0.33333333333333331 10000000000]]");
  CHECK(text(tf::assert_non_negative(x * 2.0, {}, tf::summarize<2>), v) ==
        "assertion failed: [] [Condition x >= 0 did not hold element-wise:] [x (Mul:0) = ] [[1 -2]...]");
  CHECK(text(tf::assert_less(x, 1, tf::message<"small">), v) ==
        "assertion failed: [small] [Condition x < y did not hold element-wise:] [x (x:0) = ] [[0.5 -1][2...]...] "
        "[y (assert_less/y:0) = ] [1]");
  CHECK(text(tf::assert_less(-5.0, x), v) == none);
  auto const row = tf::constant<"row">({0.5, 2.0});  // broadcasts
  CHECK(text(tf::assert_less_equal(x, row), {{0.5, 2}, {0, 1}}) == none);
  CHECK(
      text(tf::assert_less_equal(x, row), {{0.5, 3}}) ==
      "assertion failed: [Condition x <= y did not hold element-wise:] [x (x:0) = ] [[0.5 3]] [y (row:0) = ] [0.5 2]");
}

TEST_CASE("assert_near: tolerances, numbers and tensors, complex ones") {
  auto const x = tf::placeholder<"x", float>(tf::shape<n>);
  auto const y = tf::placeholder<"y", float>(tf::shape<n>);
  auto const limit = tf::placeholder<"limit", float>(tf::shape<>);
  using list = std::vector<float>;
  tf::Session sess;
  auto const text = [&](auto const& check, list a, list b) { return refusal([&] { sess.run(check, x = a, y = b); }); };
  CHECK(text(tf::assert_near(x, y), {1, 2}, {1, 2.000001f}) == none);
  CHECK(text(tf::assert_near(x, y, 0.5f, 0), {1, 2}, {1.5f, 3}) == none);
  CHECK(text(tf::assert_near(x, y), {1, float(infinity)}, {1, float(infinity)}) != none);
  CHECK(text(tf::assert_near(x, y, tf::message<"far">), {1, 2}, {1, 2.1f}) ==
        "assertion failed: [far] [x and y not equal to tolerance rtol = ] [1.1920929e-06] [atol = ] [1.1920929e-06] "
        "[x (x:0) = ] [1 2] [y (y:0) = ] [1 2.1]");
  CHECK(refusal([&] { sess.run(tf::assert_near(x, 2.0f, limit, 0.5f), x = list{3}, limit = 0.125f); }) ==
        "assertion failed: [] [x and y not equal to tolerance rtol = ] [0.125] [atol = ] [0.5] [x (x:0) = ] [3] [y "
        "(assert_near/y:0) = ] [2]");
  auto const z = tf::placeholder<"z", std::complex<double>>(tf::shape<1>);
  auto const check = tf::assert_near(z, z + std::complex<double>(0, 1e-3), 0.0, 1e-2);
  CHECK(refusal([&] { sess.run(check, z = {std::complex<double>(1, 2)}); }) == none);
  CHECK(refusal([&] {
          sess.run(tf::assert_near(z, z * 2.0), z = {std::complex<double>(1, -2)});
        }).ends_with("[x (z:0) = ] [(1,-2)] [y (Mul:0) = ] [(2,-4)]"));
}

TEST_CASE("assert_equal: strings and bools; Assert: tensors and texts") {
  auto const names = tf::placeholder<"names", std::string>(tf::shape<tf::dyn>);
  auto const flags = tf::placeholder<"flags", bool>(tf::shape<2>);
  using list = std::vector<std::string>;
  tf::Session sess;
  CHECK(refusal([&] { sess.run(tf::assert_equal(names, "a"), names = list{"a", "a"}); }) == none);
  CHECK(
      refusal([&] { sess.run(tf::assert_equal(names, "a"), names = list{"a", "b\n"}); }) ==
      "assertion failed: [Condition x == y did not hold element-wise:] [x (names:0) = ] [a b\\n] [y (Const:0) = ] [a]");
  CHECK(
      refusal([&] { sess.run(tf::assert_none_equal(names, "b", tf::message<"no b">), names = list{"a", "b"}); }) ==
      "assertion failed: [no b] [Condition x != y did not hold element-wise:] [x (names:0) = ] [a b] [y (Const:0) = ] "
      "[b]");
  CHECK(
      refusal([&] { sess.run(tf::assert_equal(flags, true), flags = {true, false}); }) ==
      "assertion failed: [Condition x == y did not hold element-wise:] [x (flags:0) = ] [1 0] [y (assert_equal/y:0) = "
      "] [1]");
  auto const any = tf::reduce_any(flags);
  auto const said = tf::Assert(any, "flags are", flags, tf::message<"and names">, names, tf::summarize<1>);
  CHECK(refusal([&] { sess.run(said, flags = {true, false}, names = list{"x"}); }) == none);
  CHECK(refusal([&] { sess.run(said, flags = {false, false}, names = list{"x", "y"}); }) ==
        "assertion failed: [flags are] [0...] [and names] [x...]");
  CHECK(refusal([&] { sess.run(tf::Assert(any), flags = {false, false}); }) == "assertion failed: ");
}

TEST_CASE("checks: the compiler's ones") {
  auto const x = tf::placeholder<"x", float>(tf::shape<n, 2>);
  auto const late = tf::placeholder<"late", float>();
  auto const y = tf::assert_rank<2>(tf::assert_type<float>(x)) * 2.0f;
  static_assert(decltype(y)::rank == 2);
  tf::Session sess;
  CHECK(same(sess.run(y, x = {{1, 2}}), {2, 4}));
  CHECK(same(sess.run(tf::with_dependencies(tf::assert_scalar(tf::reduce_sum(x)), x), x = {{1, 2}}), {1, 2}));
  CHECK(same(sess.run(tf::assert_rank<1>(late), late = xt::xtensor<float, 1>{1, 2}), {1, 2}));
  CHECK(same(sess.run(std::get<0>(tf::gradients(tf::assert_rank<2>(x * x), x)), x = {{1, 2}}), {2, 4}));
}

TEST_CASE("checks: what depends on them, and what does not") {
  auto const p = tf::placeholder<"p", double>(tf::shape<n>);
  auto const check = tf::assert_positive(p, tf::message<"p must be positive">);
  auto const root = tf::sqrt(p);
  auto const checked = tf::with_dependencies(check, root);
  auto const [slope] = tf::gradients(checked, p);
  auto const along = tf::jvp(checked, p, p);
  tf::Session sess;
  CHECK(same(sess.run(checked, p = {4, 9}), {2, 3}));
  CHECK(same(sess.run(slope, p = {4, 1}), {0.25, 0.5}));
  CHECK(same(sess.run(along, p = {4, 16}), {1, 2}));
  auto const fails = [&](auto const& what) {
    return refusal([&] { sess.run(what, p = {4, -1}); }).find("p must be positive") != std::string::npos;
  };
  CHECK(fails(checked));
  CHECK(fails(check));
  CHECK(fails(slope));  // derivatives are behind the checks of what they derive
  CHECK(fails(along));
  CHECK(fails(tf::with_dependencies(tf::group(check, root), p)));
  CHECK(fails(std::get<0>(tf::gradients(tf::with_dependencies(tf::group(check), root), p))));
  CHECK_FALSE(fails(root));  // nothing here depends on it
  CHECK(std::isnan(sess.run(root, p = {-1})(0)));
  // Unnamed constants of two checks are two.
  auto const both = tf::group(tf::assert_positive(tf::constant(1.0)), tf::assert_negative(tf::constant(-1.0)),
                              tf::Assert(tf::less(p, 9.0)[0], tf::constant(2.0)), tf::assert_less(p, 9.0));
  sess.run(both, p = {4});
  CHECK(refusal([&] { sess.run(both, p = {10}); }) == "assertion failed: [2]");
  // The first in the order of the program fails.
  auto const in_order = tf::with_dependencies(tf::assert_less(p, 5.0, tf::message<"first">),
                                              tf::assert_less(p, 4.0, tf::message<"second">), p * p);
  CHECK(refusal([&] { sess.run(in_order, p = {4.5}); }).find("[second]") != std::string::npos);
  CHECK(refusal([&] { sess.run(in_order, p = {5.5}); }).find("[first]") != std::string::npos);
}

TEST_CASE("checks: before what fails with less to say") {
  auto const p = tf::placeholder<"p", int>(tf::shape<n>);
  auto const q = tf::placeholder<"q", int>(tf::shape<n>);
  auto const d = p - q;
  auto const sum = p + q;
  auto const check = tf::assert_none_equal(d, 0, tf::message<"p and q differ">);
  auto const quotient = tf::with_dependencies(check, tf::floordiv(sum, d) * sum);
  auto const table = tf::constant<"table">({1.0f, 2.0f, 4.0f});
  auto const row = tf::with_dependencies(tf::assert_less(p, 3, tf::message<"p is a row">), tf::gather(table, p));
  tf::Session sess;
  CHECK(same(sess.run(quotient, p = {4, 9}, q = {2, 10}), {18, -361}));
  CHECK(refusal([&] { sess.run(quotient, p = {4, 9}, q = {2, 9}); }).find("p and q differ") != std::string::npos);
  CHECK(refusal([&] { sess.run(tf::fetch(sum, quotient), p = {4, 9}, q = {2, 9}); }).find("p and q differ") !=
        std::string::npos);
  CHECK(same(sess.run(row, p = {2, 0}), {4, 1}));
  CHECK(refusal([&] { sess.run(row, p = {2, 3}); }).find("p is a row") != std::string::npos);
}

TEST_CASE("checks: a run that fails changes no variable") {
  auto const x = tf::placeholder<"x", float>(tf::shape<2>);
  auto const w = tf::variable<"w">({1.0f, 1.0f});
  auto const steps = tf::variable<"steps">(0);
  auto const error = tf::reduce_sum(tf::square(w - x));
  auto const positive = tf::assert_positive(x, tf::message<"x">);
  auto const train = tf::train::GradientDescentOptimizer(0.25f).minimize(tf::with_dependencies(positive, error));
  auto const counted = tf::assign_add(steps, 1);
  // A check of what an assignment left.
  auto const bounded = tf::with_dependencies(tf::assert_less(counted, 3, tf::message<"steps">), tf::square(w));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(train, counted));
  sess.run(train, x = {3, 5});
  CHECK(same(sess.run(w), {2, 3}));
  CHECK(refusal([&] { sess.run(tf::fetch(train, counted), x = {3, -5}); }).find("[x (x:0) = ] [3 -5]") !=
        std::string::npos);
  CHECK(same(sess.run(w), {2, 3}));
  CHECK(sess.run(steps) == 0);
  CHECK(same(sess.run(bounded), {4, 9}));
  sess.run(bounded);
  CHECK(refusal([&] { sess.run(tf::fetch(train, bounded), x = {3, 5}); }).find("[steps]") != std::string::npos);
  CHECK(sess.run(steps) == 2);
  CHECK(same(sess.run(w), {2, 3}));
}

TEST_CASE("checks: in functions over handles") {
  auto const p = tf::placeholder<"p", float>(tf::shape<n>);
  auto const f = tf::build([](auto x) {
    auto const y = x * 0.5f;
    auto const safe = tf::with_dependencies(tf::assert_positive(x, tf::message<"in f">), tf::assert_less(y, 10.0),
                                            tf::Assert(tf::reduce_all(tf::less(x, 16.0)), "too large", x), tf::sqrt(x));
    return tf::check_numerics(safe * y, tf::message<"f">);
  });
  auto const y = f(p);
  auto const [slope] = tf::gradients(y, p);
  tf::Session sess;
  auto const text = [&](std::vector<float> v) { return refusal([&] { sess.run(y, p = v); }); };
  CHECK(same(sess.run(y, p = {4}), {4}));
  CHECK(same(sess.run(slope, p = {4}), {1.5}));
  CHECK(text({4, 0}) == "assertion failed: [in f] [Condition x > 0 did not hold element-wise:] [x (p:0) = ] [4 0]");
  CHECK(text({20}) ==
        "assertion failed: [Condition x < y did not hold element-wise:] [x (Mul:0) = ] [10] [y (assert_less/y:0) = ] "
        "[10]");
  CHECK(text({17}) == "assertion failed: [too large] [17]");
}

TEST_CASE("check_numerics: values and derivatives") {
  auto const x = tf::placeholder<"x", double>(tf::shape<n>);
  auto const w = tf::placeholder<"w", double>(tf::shape<n>);
  auto const y = tf::check_numerics(x, tf::message<"the loss, a text of many words">);
  tf::Session sess;
  auto const text = [&](auto const& what, std::vector<double> v, std::vector<double> by) {
    return refusal([&] { sess.run(what, x = v, w = by); });
  };
  CHECK(same(sess.run(y, x = {1, -2, 0}), {1, -2, 0}));
  CHECK(sess.run(y, x = std::vector<double>{}).size() == 0);
  CHECK(text(y, {1, infinity}, {1, 1}) == "the loss, a text of many words : Tensor had Inf values");
  CHECK(text(y, {1, not_a_number}, {1, 1}) == "the loss, a text of many words : Tensor had NaN values");
  CHECK(text(y, {-infinity, not_a_number}, {1, 1}) == "the loss, a text of many words : Tensor had Inf and NaN values");
  auto const [slope] = tf::gradients(y * w, x);
  CHECK(same(sess.run(slope, x = {1, 2}, w = {3, 4}), {3, 4}));
  CHECK(text(slope, {1, 2}, {3, infinity}) ==
        "Not a number (NaN) or infinity (Inf) values detected in gradient. the loss, a text of many words : Tensor had "
        "Inf values");
  CHECK(text(slope, {1, not_a_number}, {3, 4}) == "the loss, a text of many words : Tensor had NaN values");
  check_gradient(
      tf::shape<n>, std::array<std::size_t, 1>{4}, spread(4, 0.5, 1.5),
      [](auto v) { return tf::check_numerics(v * v, tf::message<"v">); },
      [](auto v) { return tf::with_dependencies(tf::assert_positive(v), tf::exp(v)); });
}
