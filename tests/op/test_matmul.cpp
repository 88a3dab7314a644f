// SPDX-License-Identifier: Apache-2.0
// covers: matmul transpose
#include "support/op_test.hpp"

namespace tf = tfx;
using namespace op_test;

namespace {
constexpr auto n = tf::dim<"n">;

// a [m, k] · b [k, n], row by row.
std::vector<double> product(std::vector<double> const& a, std::vector<double> const& b, std::size_t m, std::size_t k,
                            std::size_t columns) {
  std::vector<double> out(m * columns, 0.0);
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t p = 0; p < k; ++p)
      for (std::size_t j = 0; j < columns; ++j) out[i * columns + j] += a[i * k + p] * b[p * columns + j];
  return out;
}
std::vector<double> turned(std::vector<double> const& a, std::size_t rows, std::size_t columns) {
  std::vector<double> out(a.size());
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j) out[j * rows + i] = a[i * columns + j];
  return out;
}
}  // namespace

TEST_CASE("matmul: every transposition, static and symbolic rows, an empty and a single one") {
  auto const x = tf::placeholder<"x", float>(tf::shape<n, 5>);
  auto const xt = tf::placeholder<"xt", float>(tf::shape<5, n>);
  auto const w = tf::placeholder<"w", float>(tf::shape<5, 7>);
  auto const wt = tf::placeholder<"wt", float>(tf::shape<7, 5>);
  auto const all = tf::fetch(tf::matmul(x, w), tf::matmul(xt, w, tf::transpose_a), tf::matmul(x, wt, tf::transpose_b),
                             tf::matmul(xt, wt, tf::transpose_a, tf::transpose_b), tf::matmul(tf::transpose(xt), w));
  tf::Session sess;
  std::vector<double> const wv = spread(35, -1, 1, 3);
  for (std::size_t rows : {1u, 17u, 0u, 33u}) {
    std::vector<double> const xv = spread(rows * 5, -1, 1);
    auto const results =
        sess.run(all, x = tensor<float, 2>({rows, 5}, xv), xt = tensor<float, 2>({5, rows}, turned(xv, rows, 5)),
                 w = tensor<float, 2>({5, 7}, wv), wt = tensor<float, 2>({7, 5}, turned(wv, 5, 7)));
    std::vector<double> const expected = product(xv, wv, rows, 5, 7);
    auto const check = [&](auto const& got) { CHECK(same(got, expected, 2e-6)); };
    std::apply([&](auto const&... got) { (check(got), ...); }, results);
  }
}

TEST_CASE("matmul: integers, batches, NaN and infinity") {
  tf::Session sess;
  auto const a = tf::constant({{{1, 2}, {3, 4}}, {{5, 6}, {7, 8}}});
  auto const b = tf::constant({{{1, 0}, {0, 1}}, {{0, 1}, {1, 0}}});
  auto const c = tf::constant<float>({{1, INFINITY}, {NAN, 1}});
  auto const [ints, odd] = sess.run(tf::fetch(tf::matmul(a, b), tf::matmul(c, tf::ones(tf::shape<2, 1>))));
  CHECK(same(ints, {1, 2, 3, 4, 6, 5, 8, 7}));
  CHECK(same(odd, {infinity, not_a_number}));
}

TEST_CASE("matmul: gradients, second order and forward mode agree with finite differences") {
  auto const x = tf::placeholder<"x", double>(tf::shape<n, 3>);
  auto const w = tf::placeholder<"w", double>(tf::shape<3, 2>);
  auto const v = tf::placeholder<"v", double>(tf::shape<3, 2>);
  auto const f = tf::reduce_sum(tf::tanh(tf::matmul(x, w)) * tf::matmul(x, tf::transpose(w), tf::transpose_b));
  auto const [dx, dw] = tf::gradients(f, x, w);
  auto const [hv] = tf::gradients(tf::reduce_sum(dw * v), w);
  auto const all = tf::fetch(f, dx, dw, hv, tf::jvp(f, w, v));
  tf::Session sess;
  auto const vv = tensor<double, 2>({3, 2}, spread(6, -1, 1, 5));
  for (std::size_t rows : {4u, 1u}) {
    auto xv = tensor<double, 2>({rows, 3}, spread(rows * 3, -1, 1));
    auto wv = tensor<double, 2>({3, 2}, spread(6, -1, 1, 9));
    auto const [fv, gx, gw, h, forward] = sess.run(all, x = xv, w = wv, v = vv);
    double along = 0;
    double const step = 1e-5;
    for (std::size_t i = 0; i < wv.size(); ++i) {
      auto up = wv, down = wv;
      up.data()[i] += step;
      down.data()[i] -= step;
      double const slope = (sess.run(f, x = xv, w = up) - sess.run(f, x = xv, w = down)) / (2 * step);
      CHECK(near(gw.data()[i], slope, 1e-8));
      along += gw.data()[i] * vv.data()[i];
    }
    for (std::size_t i = 0; i < xv.size(); ++i) {
      auto up = xv, down = xv;
      up.data()[i] += step;
      down.data()[i] -= step;
      CHECK(near(gx.data()[i], (sess.run(f, x = up, w = wv) - sess.run(f, x = down, w = wv)) / (2 * step), 1e-8));
    }
    CHECK(near(forward, along, 1e-12));
    auto up = wv, down = wv;
    for (std::size_t i = 0; i < wv.size(); ++i) {
      up.data()[i] += step * vv.data()[i];
      down.data()[i] -= step * vv.data()[i];
    }
    auto const above = sess.run(dw, x = xv, w = up), below = sess.run(dw, x = xv, w = down);
    for (std::size_t i = 0; i < wv.size(); ++i)
      CHECK(near(h.data()[i], (above.data()[i] - below.data()[i]) / (2 * step), 1e-7));
  }
}

TEST_CASE("transpose: any order, symbolic extents, and its gradient") {
  auto const x = tf::placeholder<"x", double>(tf::shape<2, n, 3>);
  auto const order = tf::transpose(x, tf::axes<2, 0, 1>);
  auto const [g] =
      tf::gradients(tf::square(order) * tf::transpose(tf::transpose(order, tf::axes<0, 2, 1>), tf::axes<0, -1, 1>), x);
  static_assert(decltype(order)::shape_type::rank == 3);
  tf::Session sess;
  for (std::size_t middle : {5u, 1u, 0u}) {
    std::vector<double> const values = spread(6 * middle, -2, 2);
    auto const [t, dx] = sess.run(tf::fetch(order, g), x = tensor<double, 3>({2, middle, 3}, values));
    REQUIRE(t.shape()[0] == 3);
    REQUIRE(t.shape()[2] == middle);
    for (std::size_t i = 0; i < 2; ++i)
      for (std::size_t j = 0; j < middle; ++j)
        for (std::size_t k = 0; k < 3; ++k) {
          double const v = values[(i * middle + j) * 3 + k];
          CHECK(t(k, i, j) == v);
          CHECK(near(dx(i, j, k), 3 * v * v, 1e-12));
        }
  }
}
