// SPDX-License-Identifier: Apache-2.0
// covers: scan foldl foldr map_fn region region_call
#include <support/op_test.hpp>

namespace tf = tfx;
using op_test::check_gradient, op_test::same, op_test::spread, op_test::tensor;

namespace {
constexpr auto steps = tf::dim<"steps">;
auto const recurrence = [](auto x) {
  return [=](auto h, auto s) { return tf::tanh(0.5 * h * s + tf::reduce_mean(x)) + s; };
};
template <class... Build>
void check(Build const&... builds) {
  check_gradient(tf::shape<4, 3>, std::array<std::size_t, 2>{4, 3}, spread(12, -1, 1), builds...);
  for (std::size_t length : {5u, 1u, 0u})
    check_gradient(tf::shape<steps, 3>, std::array<std::size_t, 2>{length, 3}, spread(length * 3, -1, 1), builds...);
}
}  // namespace

TEST_CASE("scan, foldl, foldr: values of any length, forwards and backwards") {
  tf::Session sess;
  auto const x = tf::placeholder<"x", double>(tf::shape<steps, 2>);
  auto const h = tf::placeholder<"h", double>(tf::shape<2>);
  auto const step = [](auto s, auto e) { return 0.5 * s + e; };
  auto const all =
      tf::fetch(tf::scan(step, x, h), tf::scan(step, x, h, tf::reversed), tf::foldl(step, x, h), tf::foldr(step, x, h));
  for (std::size_t length : {3u, 0u, 1u, 7u}) {
    std::vector<double> const values = spread(2 * length, -3, 3);
    std::vector<double> forwards(2 * length), backwards(2 * length), last{1, -1}, first{1, -1};
    for (std::size_t t = 0; t < length; ++t)
      for (std::size_t j = 0; j < 2; ++j) {
        forwards[2 * t + j] = last[j] = 0.5 * last[j] + values[2 * t + j];
        std::size_t const back = 2 * (length - 1 - t) + j;
        backwards[back] = first[j] = 0.5 * first[j] + values[back];
      }
    auto const [a, b, c, d] = sess.run(all, x = tensor<double, 2>({length, 2}, values), h = {1.0, -1.0});
    CHECK(same(a, forwards));
    CHECK(same(b, backwards));
    CHECK(same(c, last));
    CHECK(same(d, first));
  }
}
TEST_CASE("map_fn, scan: several sequences, states and results, of several dtypes") {
  tf::Session sess;
  auto const x = tf::constant<"x">({{1.f, 2.f}, {3.f, 4.f}, {5.f, 6.f}});
  auto const n = tf::constant<"n">({1, 2, 3});
  auto const [sums, twice] = tf::map_fn(
      [](auto row, auto i) { return tf::fetch(tf::reduce_sum(row) * tf::cast<float>(i), i * 2); }, tf::fetch(x, n));
  auto const [a, b] = tf::scan([](auto p, auto q, auto i) { return tf::fetch(q, p + q * i); }, n,
                               tf::fetch(tf::constant(1), tf::constant(1)));
  auto const [s, t, u, v] = sess.run(tf::fetch(sums, twice, a, b));
  CHECK(same(s, {3, 14, 33}));
  CHECK(same(t, {2, 4, 6}));
  CHECK(same(u, {1, 2, 5}));  // states change places
  CHECK(same(v, {2, 5, 17}));
}
TEST_CASE("scan: what a function gives may be an argument, a constant, a slice or what stands outside") {
  tf::Session sess;
  auto const x = tf::placeholder<"x", float>(tf::shape<steps>);
  auto const c = tf::constant<"c">(7.0f);
  auto const [a, b, d, e, f] =
      tf::scan([&](auto p, auto q, auto r, auto s, auto,
                   auto slice) { return tf::fetch(q, p, c, slice, tf::reshape(r + s, tf::shape<>)); },
               x, tf::fetch(c, c + 1.0f, c + 2.0f, c + 3.0f, c + 4.0f));
  auto const [v0, v1, v2, v3, v4] = sess.run(tf::fetch(a, b, d, e, f), x = {1.0f, 2.0f});
  CHECK(same(v0, {8, 7}));
  CHECK(same(v1, {7, 8}));
  CHECK(same(v2, {7, 7}));
  CHECK(same(v3, {1, 2}));
  CHECK(same(v4, {19, 8}));
}
TEST_CASE("scan, foldl, foldr, map_fn: derivatives of first and second order, static and symbolic lengths") {
  check([](auto x) { return tf::scan(recurrence(x), x, tf::zeros<double>(tf::shape<3>)); },
        [](auto x) { return tf::foldr(recurrence(x), x, tf::reduce_sum(x, tf::axis<0>)); });
  check([](auto x) { return tf::map_fn([&](auto s) { return s * tf::exp(s) + tf::reduce_sum(x); }, x); },
        [](auto x) {
          auto const [p, q] = tf::scan([](auto p, auto q, auto s) { return tf::fetch(q * s, tf::sin(p) + q); }, x,
                                       tf::fetch(tf::ones<double>(tf::shape<3>), tf::reduce_sum(x, tf::axis<0>)));
          return p * q;
        });
}
TEST_CASE("scan: a weight that is captured, matrices, and a loop in a loop") {
  check(
      [](auto x) {
        auto const w = tf::matmul(x, x, tf::transpose_a);
        return tf::foldl([&](auto h, auto s) { return tf::tanh(tf::matmul(h, w) + s); }, x,
                         tf::ones<double>(tf::shape<2, 3>));
      },
      [](auto x) {
        return tf::foldl(
            [&](auto outer, auto s) {
              return tf::foldl([&](auto inner, auto t) { return tf::sin(inner * t + s) + outer; }, x, outer * s);
            },
            x, tf::reduce_sum(x, tf::axis<0>));
      });
}
