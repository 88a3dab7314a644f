// SPDX-License-Identifier: Apache-2.0
// covers: range one_hot eye linspace
// Numbers that loops count themselves.
#include <compiler/passes.hpp>
#include <support/op_test.hpp>
#include <tfx/op/array/eye.hpp>

namespace tf = tfx;
using op_test::same;

namespace {
constexpr auto batch = tf::dim<"batch">;
auto const x = tf::placeholder<"x", float>(tf::shape<batch, 37>);
auto const labels = tf::placeholder<"labels", int>(tf::shape<batch>);

template <class... X>
constexpr int steps = passes<X...>::count.steps;

/// first, first + step, … as T, as a cast of whole numbers makes them.
template <class T>
bool counts(auto const& got, tf::i64 first, tf::i64 step, tf::i64 count) {
  bool right = static_cast<tf::i64>(got.size()) == count;
  for (tf::i64 i = 0; right && i < count; ++i)
    right = got.flat(static_cast<std::size_t>(i)) == static_cast<T>(first + step * i);
  return right;
}
template <class T>
void check_dtype() {
  tf::Session sess;
  auto const [a, b, c, d, one, none] = sess.run(
      tf::fetch(tf::range<T, 0, 100>(), tf::range<T, 3, 120, 7>(), tf::range<T, 70, 1, -3>(),
                tf::reshape(tf::range<T, 0, 77>(), tf::shape<7, 11>), tf::range<T, 5, 6>(), tf::range<T, 5, 5>()));
  CHECK(counts<T>(a, 0, 1, 100));
  CHECK(counts<T>(b, 3, 7, 17));
  CHECK(counts<T>(c, 70, -3, 23));
  CHECK(counts<T>(d, 0, 1, 77));
  CHECK(d.shape()[0] == 7);
  CHECK(counts<T>(one, 5, 1, 1));
  CHECK(none.size() == 0);
}
}  // namespace

TEST_CASE_TEMPLATE("range: every dtype of numbers", T, float, double, std::int8_t, std::uint8_t, std::int16_t,
                   std::uint16_t, std::int32_t, std::uint32_t, std::int64_t, std::uint64_t) {
  check_dtype<T>();
}
TEST_CASE("range: numbers that a dtype does not hold are what a cast makes of them") {
  tf::Session sess;
  constexpr tf::i64 large = tf::i64{1} << 40, odd = (tf::i64{1} << 24) + 1;
  auto const [bytes, words, floats, near, wide, doubles] = sess.run(tf::fetch(
      tf::range<std::int8_t, -300, 300>(), tf::range<std::int32_t, large, large + 5000, 77>(),
      tf::range<float, large, 2 * large, large / 50 + 1>(), tf::range<float, odd - 50, odd + 50>(),
      tf::range<std::int64_t, -large, large, large / 9>(), tf::range<double, (odd << 29) - 50, (odd << 29) + 50>()));
  CHECK(counts<std::int8_t>(bytes, -300, 1, 600));
  CHECK(counts<std::int32_t>(words, large, 77, 65));
  CHECK(counts<float>(floats, large, large / 50 + 1, 50));
  CHECK(counts<float>(near, odd - 50, 1, 100));
  CHECK(counts<std::int64_t>(wide, -large, large / 9, 19));
  CHECK(counts<double>(doubles, (odd << 29) - 50, 1, 100));
}
TEST_CASE("range: part of the loop that reads it, along each axis, and in rows") {
  auto const y = tf::placeholder<"y", float>(tf::shape<5, 37>);
  auto const along_columns = y + tf::range<float, 0, 37>();
  auto const both = along_columns * tf::expand_dims(tf::range<float, 1, 6>(), tf::axis<1>);
  auto const rows = tf::reshape(tf::range<float, 0, 185>(), tf::shape<5, 37>);
  auto const sum = tf::reduce_sum((y - rows) * both);
  static_assert(steps<decltype(sum), decltype(both)> == 1);
  static_assert(tf::plan(sum).arena_bytes() <= 64);
  tf::Session sess;
  auto const values = op_test::tensor<float, 2>({5, 37}, op_test::spread(185, -1, 1));
  auto const [got, total] = sess.run(tf::fetch(both, sum), y = values);
  double expected = 0;
  for (int i = 0; i < 5; ++i)
    for (int k = 0; k < 37; ++k) {
      double const product = (double(values(i, k)) + k) * (i + 1);
      CHECK(got(i, k) == doctest::Approx(product).epsilon(1e-6));
      expected += (double(values(i, k)) - (37 * i + k)) * product;
    }
  CHECK(total == doctest::Approx(expected).epsilon(1e-6));
}
TEST_CASE("range: by rows that a scalar, a view, a matrix product and an assignment need") {
  auto const v = tf::variable<"v">(tf::zeros(tf::shape<6>));
  auto const r = tf::range<float, 0, 6>();
  auto const square = tf::reshape(r, tf::shape<2, 3>);
  tf::Session sess;
  sess.run(v.initializer());
  CHECK(sess.run(tf::reduce_sum(r)) == 15);
  CHECK(same(sess.run(tf::transpose(square)), {0, 3, 1, 4, 2, 5}));
  CHECK(same(sess.run(tf::matmul(square, tf::transpose(square))), {5, 14, 14, 50}));
  sess.run(v.assign(r));
  CHECK(same(sess.run(v), {0, 1, 2, 3, 4, 5}));
  sess.run(v.assign(r * 2));
  CHECK(same(sess.run(v), {0, 2, 4, 6, 8, 10}));
}
TEST_CASE("range: an op that refuses some values is shown no number behind the last") {
  auto const n = tf::placeholder<"n", int>(tf::shape<5>);
  tf::Session sess;
  CHECK(same(sess.run(tf::floordiv(n, tf::range<5, 0, -1>()), n = {10, 10, 10, 10, 10}), {2, 2, 3, 5, 10}));
  CHECK_THROWS_AS(sess.run(tf::floordiv(n, tf::range<4, -1, -1>()), n = {10, 10, 10, 10, 10}), tf::errors::Error);
}
TEST_CASE("range: of whole numbers, long rows and sums of columns") {
  auto const k = tf::placeholder<"k", std::int64_t>(tf::shape<batch, 1000>);
  auto const columns = tf::reduce_sum(k * tf::range<std::int64_t, 0, 1000>(), tf::axis<0>);
  tf::Session sess;
  auto const got = sess.run(columns, k = xt::xtensor<std::int64_t, 2>(xt::ones<std::int64_t>({70, 1000})));
  CHECK(counts<std::int64_t>(got, 0, 70, 1000));
}

TEST_CASE_TEMPLATE("one_hot: labels of each dtype, those out of range too", T, std::int8_t, std::uint8_t, std::int16_t,
                   std::uint16_t, std::int32_t, std::uint32_t, std::int64_t, std::uint64_t) {
  auto const l = tf::placeholder<"l", T>(tf::shape<5>);
  tf::Session sess;
  auto const [last, first] =
      sess.run(tf::fetch(tf::one_hot(l, tf::depth<300>), tf::one_hot<bool>(l, tf::depth<3>, tf::axis<0>)),
               l = xt::xtensor<T, 1>{T(2), T(-1), T(0), T(100), T(299)});
  tf::i64 const numbers[] = {tf::i64(T(2)), tf::i64(T(-1)), 0, 100, tf::i64(T(299))};
  for (std::size_t i = 0; i < 5; ++i)
    for (std::size_t c = 0; c < 300; ++c) {
      bool const is = numbers[i] == static_cast<tf::i64>(c);
      CHECK(last(i, c) == (is ? 1 : 0));
      if (c < 3) CHECK(first(c, i) == is);
    }
}
TEST_CASE("one_hot: no row of it takes memory beside what it is part of") {
  constexpr tf::i64 many = 1000000;
  auto const wide = tf::placeholder<"wide", float>(tf::shape<batch, many>);
  auto const chosen = tf::reduce_sum(tf::one_hot(labels, tf::depth<many>) * wide);
  static_assert(steps<decltype(chosen)> == 1 && tf::plan(chosen).arena_bytes(batch = 3) <= 64);
  auto const narrow = tf::one_hot(labels, tf::depth<37>);
  auto const error = tf::reduce_sum(tf::square(x - narrow), tf::axis<1>);
  static_assert(steps<decltype(error)> == 1);
  tf::Session sess;
  xt::xtensor<float, 2> values(std::array<std::size_t, 2>{3, many}, 0.0f);
  values(0, 7) = 1;
  values(1, many - 1) = 2;
  values(2, 7) = 4;
  CHECK(sess.run(chosen, wide = values, labels = {7, int(many) - 1, 8}) == 3);
  auto const zeros = xt::xtensor<float, 2>(xt::zeros<float>({2, 37}));
  CHECK(same(sess.run(error, x = zeros, labels = {36, 37}), {1, 0}));
}
TEST_CASE("one_hot: a cross entropy by hand, with its gradient") {
  auto const loss = -tf::reduce_sum(tf::one_hot(labels, tf::depth<37>) * tf::nn::log_softmax(x));
  auto const named =
      tf::reduce_sum(tf::nn::sparse_softmax_cross_entropy_with_logits(tf::labels = labels, tf::logits = x));
  auto const [by_hand] = tf::gradients(loss, x);
  auto const [expected] = tf::gradients(named, x);
  tf::Session sess;
  auto const values = op_test::tensor<float, 2>({4, 37}, op_test::spread(148, -2, 2));
  auto const [a, b, da, db] = sess.run(tf::fetch(loss, named, by_hand, expected), x = values, labels = {0, 36, 5, 17});
  CHECK(a == doctest::Approx(b));
  CHECK(same(da, op_test::flat(db)));
}
TEST_CASE("one_hot: of what other ops make, of a scalar, by symbols, and to derivatives a constant") {
  auto const l = tf::placeholder<"l", int>(tf::shape<2, batch>);
  tf::Session sess;
  auto const [middle, best, one] = sess.run(
      tf::fetch(tf::one_hot<int>(l, tf::depth<2>, tf::axis<1>), tf::one_hot(tf::argmax(x, tf::axis<1>), tf::depth<37>),
                tf::one_hot(tf::constant(1), tf::depth<3>)),
      l = xt::xtensor<int, 2>{{0, 1, 5}, {1, 1, 0}},
      x = op_test::tensor<float, 2>({3, 37}, op_test::spread(111, 0, 1)));
  CHECK(same(middle, {1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 0}));
  CHECK(xt::sum(best)() == 3);
  CHECK(same(one, {0, 1, 0}));
  auto const build = [](auto v) { return v * tf::one_hot<double>(tf::cast<int>(v), tf::depth<3>, tf::axis<0>) * v; };
  op_test::check_gradient(tf::shape<batch>, std::array<std::size_t, 1>{4}, op_test::spread(4, 0.2, 2.8), build);
}

TEST_CASE("eye: square and not, of each dtype, in batches, of symbolic extents") {
  tf::Session sess;
  auto const [a, b, c, d, e] =
      sess.run(tf::fetch(tf::eye<3>(), tf::eye<2, 3>(), tf::eye<bool, 3, 2>(), tf::eye<int, 2>(tf::shape<2, 1>),
                         tf::eye<double, batch>() * tf::cast<double>(tf::expand_dims(labels, tf::axis<1>))),
               labels = {5, 6, 7});
  CHECK(same(a, {1, 0, 0, 0, 1, 0, 0, 0, 1}));
  CHECK(same(b, {1, 0, 0, 0, 1, 0}));
  CHECK(same(c, {1, 0, 0, 1, 0, 0}));
  CHECK(same(d, {1, 0, 0, 1, 1, 0, 0, 1}));
  CHECK((d.shape()[0] == 2 && d.shape()[1] == 1 && d.shape()[2] == 2));
  CHECK(same(e, {5, 0, 0, 0, 6, 0, 0, 0, 7}));
  static_assert(std::is_same_v<decltype(tf::eye<3>())::value_type, float>);
}
TEST_CASE("eye: a trace is one loop without a matrix, and its gradient is an eye") {
  auto const m = tf::placeholder<"m", double>(tf::shape<4, 4>);
  auto const trace = tf::reduce_sum(m * tf::eye<double, 4>());
  static_assert(steps<decltype(trace)> == 1 && tf::plan(trace).arena_bytes() <= 64);
  auto const [dm] = tf::gradients(trace * trace, m);
  tf::Session sess;
  auto const values = op_test::tensor<double, 2>({4, 4}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});
  auto const [t, d] = sess.run(tf::fetch(trace, dm), m = values);
  CHECK(t == 34);
  CHECK(same(d, {68, 0, 0, 0, 0, 68, 0, 0, 0, 0, 68, 0, 0, 0, 0, 68}));
}

TEST_CASE("linspace: both ends, one value, in the loop that reads it") {
  tf::Session sess;
  CHECK(same(sess.run(tf::linspace(0.0f, 1.0f, tf::length<5>)), {0, 0.25, 0.5, 0.75, 1}));
  CHECK(same(sess.run(tf::linspace(3.0, 4.0, tf::length<1>)), {3}));
  auto const row = tf::placeholder<"row", float>(tf::shape<37>);
  auto const dot = tf::reduce_sum(row * tf::linspace(-1.0f, 1.0f, tf::length<37>));
  static_assert(steps<decltype(dot)> == 1 && tf::plan(dot).arena_bytes() <= 64);
  auto const values = op_test::tensor<float, 1>({37}, op_test::spread(37, 0, 1));
  double expected = 0;
  for (int i = 0; i < 37; ++i) expected += double(values(i)) * (-1 + i / 18.0);
  CHECK(sess.run(dot, row = values) == doctest::Approx(expected).epsilon(1e-5));
}
