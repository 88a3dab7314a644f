// SPDX-License-Identifier: Apache-2.0
// covers: matmul transpose column
#include "support/op_test.hpp"

namespace tf = tfx;
using namespace op_test;

namespace {
constexpr auto any_n = tf::dim<"n">;

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
  auto const x = tf::placeholder<"x", float>(tf::shape<any_n, 5>);
  auto const xt = tf::placeholder<"xt", float>(tf::shape<5, any_n>);
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

namespace {
// Products of a matrix of `Columns` columns with vectors, stored in every way, and what is computed around them.
template <class T, int Columns, class Rows>
void check_narrow(Rows rows, std::vector<std::size_t> const& counts) {
  auto const x = tf::placeholder<"x", T>(tf::shape<rows(), Columns>);
  auto const xt = tf::placeholder<"xt", T>(tf::shape<Columns, rows()>);
  auto const w = tf::placeholder<"w", T>(tf::shape<Columns, 1>);
  auto const e = tf::placeholder<"e", T>(tf::shape<rows(), 1>);
  auto const wide = tf::transpose(w);
  auto const flat = tf::transpose(e);
  auto const along =
      tf::fetch(tf::matmul(x, w), tf::matmul(x, wide, tf::transpose_b), tf::matmul(wide, x, tf::transpose_b),
                tf::matmul(xt, w, tf::transpose_a), tf::matmul(wide, xt), tf::matmul(x + x, w + w));
  auto const across =
      tf::fetch(tf::matmul(x, e, tf::transpose_a), tf::matmul(flat, x), tf::matmul(e, x, tf::transpose_a),
                tf::matmul(xt, e), tf::matmul(x, tf::matmul(x, w) * e, tf::transpose_a));
  tf::Session sess;
  double const tolerance = 10 * tolerance_of<T>;
  std::vector<double> const wv = spread(Columns, -1, 1, 3);
  for (std::size_t n : counts) {
    CAPTURE(n);
    std::vector<double> xv = spread(n * Columns, -1, 1), ev = spread(n, -1, 1, 7);
    if (n > 3) {
      xv[Columns] = infinity;
      xv[2 * Columns + Columns - 1] = not_a_number;
    }
    auto const xs = tensor<T, 2>({n, Columns}, xv), xts = tensor<T, 2>({Columns, n}, turned(xv, n, Columns));
    auto const ws = tensor<T, 2>({Columns, 1}, wv), es = tensor<T, 2>({n, 1}, ev);
    std::vector<double> const y = product(xv, wv, n, Columns, 1);
    auto const [a, b, c, d, f, twice] = sess.run(along, x = xs, xt = xts, w = ws);
    CHECK((same(a, y, tolerance) && same(b, y, tolerance) && same(c, y, tolerance)));
    CHECK((same(d, y, tolerance) && same(f, y, tolerance)));
    CHECK((c.shape()[0] == 1 && c.shape()[1] == n && a.shape()[0] == n));
    for (std::size_t i = 0; i < n; ++i) CHECK(near(double(twice(i, 0)), 4 * y[i], tolerance));
    std::vector<double> ye = y;
    for (std::size_t i = 0; i < n; ++i) ye[i] *= ev[i];
    std::vector<double> const g = product(turned(xv, n, Columns), ev, Columns, n, 1);
    auto const [o, p, q, r, s] = sess.run(across, x = xs, xt = xts, e = es, w = ws);
    CHECK((same(o, g, tolerance) && same(p, g, tolerance) && same(q, g, tolerance) && same(r, g, tolerance)));
    CHECK(same(s, product(turned(xv, n, Columns), ye, Columns, n, 1), tolerance));
    CHECK((p.shape()[0] == 1 && p.shape()[1] == Columns && o.shape()[0] == Columns));
  }
}
}  // namespace

TEST_CASE("matmul: a vector and a matrix of few columns, however they are stored") {
  std::vector<std::size_t> const counts{1, 15, 0, 16, 17, 33, 2, 100};
  auto const symbolic = [] { return any_n; };
  check_narrow<float, 1>(symbolic, counts);
  check_narrow<float, 2>(symbolic, counts);
  check_narrow<float, 3>(symbolic, counts);
  check_narrow<double, 3>(symbolic, counts);
  check_narrow<float, 4>(symbolic, counts);
  check_narrow<double, 5>(symbolic, counts);
  check_narrow<float, 3>([] { return 40; }, {40});
  check_narrow<double, 4>([] { return 17; }, {17});
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
  auto const x = tf::placeholder<"x", double>(tf::shape<any_n, 3>);
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
  auto const x = tf::placeholder<"x", double>(tf::shape<2, any_n, 3>);
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
