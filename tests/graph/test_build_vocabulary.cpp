// SPDX-License-Identifier: Apache-2.0
// The library's functions inside functions over handles: the same results, bit for bit, as outside of them.
#include <support/build_test.hpp>

namespace tf = tfx;
using build_test::check_equal;
using op_test::same;

namespace {
auto const x = tf::placeholder<"x", float>(tf::shape<4, 6>);
auto const fed = op_test::tensor<float, 2>(
    {4, 6}, {1, -2, 3, 0.5, 0.25, -1, 4, 2, 7, -3, 1.5, 0.125, 6, 5, -0.5, 2.5, 8, 3, -10, 9, 1, 2, 3, 4});
}  // namespace

TEST_CASE("build: parts of a tensor take bindings") {
  check_equal(
      [](auto h) {
        auto const [top, bottom] = tf::split(h, tf::parts<2>);
        auto const [left, middle, right] = tf::split(h, tf::sizes<1, 2, -1>, tf::axis<1>);
        auto const [a, b, c, d] = tf::unstack(h, tf::num<4>);
        return std::tuple{top * bottom, left + middle * 2.0f, right, a * b + c, d};
      },
      x, fed);
}
TEST_CASE("build: parts of a tensor whose number follows from its shape") {
  auto const sums = tf::build([](auto h) {
    auto const rows = tf::unstack(h);
    auto sum = rows[0];
    for (int i = 1; i < rows.size(); ++i) sum = sum * 2.0f + rows[i];
    return std::tuple{sum, tf::stack(rows), tf::concat(tf::axis<0>, rows), tf::add_n(rows),
                      tf::stack(tf::axis<1>, tf::unstack(tf::ones({2, 3}), tf::axis<1>)) + tf::reduce_sum(h) * 0.0f};
  });
  auto const [sum, whole, row, added, ones] = sums(x);
  auto const [a, b, c, d] = tf::unstack(x);
  tf::Session sess;
  auto const [s, w, r, n, o, expected, in_all] = sess.run(
      tf::fetch(sum, whole, row, added, ones, ((a * 2.0f + b) * 2.0f + c) * 2.0f + d, tf::add_n(a, b, c, d)), x = fed);
  CHECK(same(s, op_test::flat(expected)));
  CHECK(same(w, op_test::flat(fed)));
  CHECK(same(r, op_test::flat(fed)));
  CHECK(same(n, op_test::flat(in_all)));
  CHECK(same(o, {1, 1, 1, 1, 1, 1}));
}
TEST_CASE("unstack: where the number of parts is told, the extent may be one that only a run tells") {
  auto const open = tf::placeholder<"open", float>(tf::shape<tf::dyn, 2>);
  auto const [a, b, c] = tf::unstack(open, tf::num<3>);
  auto const y = a * b + c;
  auto const [dopen] = tf::gradients(y, open);
  tf::Session sess;
  auto const [value, gradient] = sess.run(tf::fetch(y, dopen), open = {{1, 2}, {3, 4}, {5, 6}});
  CHECK(same(value, {8, 14}));
  CHECK(same(gradient, {3, 4, 1, 2, 1, 1}));
  CHECK_THROWS_AS(sess.run(y, open = op_test::tensor<float, 2>({2, 2}, {1, 2, 3, 4})),
                  tf::errors::InvalidArgumentError);
}
TEST_CASE("build: elements at indices") {
  check_equal(
      [](auto h) {
        auto const third = h[tf::index<2>];
        return std::tuple{third, h(tf::all, tf::index<1>), h(tf::index<0>, tf::index<-1>)};
      },
      x, fed);
  auto const at = tf::placeholder<"at", int>(tf::shape<>);
  auto const [sum, chosen, corner] = tf::build([](auto h, auto i) {
    auto all = h[0] * 0.0f;
    for (int k = 0; k < h.shape()[0]; ++k) all = all + h[k] * static_cast<float>(k);
    return std::tuple{all, h(tf::all, i), tf::ones({2, 3})(1, -1) + h(-1, 5)};
  })(x, at);
  auto const [dx] = tf::gradients(chosen, x);
  tf::Session sess;
  auto const [s, c, k, d] = sess.run(tf::fetch(sum, chosen, corner, dx), x = fed, at = 1);
  CHECK(same(s, {6 * 2 + 4 - 10 * 3, 5 * 2 + 2 + 9 * 3, -1 + 7 + 3, 5 - 3 + 6, 16 + 1.5 + 9, 6 + 0.125 + 12}));
  CHECK(same(c, {-2, 2, 5, 9}));
  CHECK(k == 5);
  CHECK(d(2, 1) == 1);
  CHECK(d(2, 2) == 0);
}
TEST_CASE("build: shapes, places and orders as values") {
  auto const [a, b, c, d, e, f, g] = tf::build([](auto h) {
    tf::dims const shape = h.shape();
    return std::tuple{tf::slice(h, {1, shape[1] - 2}, {-1, 2}),
                      tf::pad(h, {{1, 0}, {0, shape[0] - 2}}),
                      tf::tile(h, {2, 1}),
                      tf::transpose(h, {1, 0}),
                      tf::reshape(h, {shape[0], 2, -1}),
                      tf::range<float>(shape[1]) + tf::range<float>(2, 14, 2) + h,
                      tf::slice(tf::ones({3, 3}), {0, 1}, {2, -1}) + tf::zeros({}) + tf::reduce_sum(h) * 0.0f};
  })(x);
  auto const steps = tf::range<float, 0, 6>() + tf::range<float, 2, 14, 2>() + x;
  auto const typed =
      tf::fetch(tf::slice(x, tf::index<1, 4>, tf::shape<-1, 2>), tf::pad(x, tf::paddings<1, 0, 0, 2>),
                tf::tile(x, tf::multiples<2, 1>), tf::transpose(x), tf::reshape(x, tf::shape<4, 2, -1>), steps);
  tf::Session sess;
  auto const [built, expected] = sess.run(tf::fetch(tf::fetch(a, b, c, d, e, f), typed), x = fed);
  build_test::check_all_equal(built, expected);
  CHECK(same(sess.run(g, x = fed), {1, 1, 1, 1}));
}
TEST_CASE("build: choices between numbers, parts of complex numbers, groups") {
  check_equal(
      [](auto h) {
        return std::tuple{tf::where(h > 1.0f, 2, 3),
                          tf::where(h > 1.0f, 0.5, 0.25f),
                          tf::real(h),
                          tf::imag(h),
                          tf::conj(h),
                          tf::real(tf::conj(tf::complex(tf::stop_gradient(h), 2.0f))),
                          tf::imag(tf::complex(tf::stop_gradient(h), 1.0f))};
      },
      x, fed);
}
