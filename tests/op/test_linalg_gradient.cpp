// SPDX-License-Identifier: Apache-2.0
// covers: matrix_diag matrix_diag_part matrix_band_part matrix_transpose
#include <support/op_test.hpp>
#include <tfx/op/linalg/cholesky.hpp>
#include <tfx/op/linalg/matrix_band_part.hpp>
#include <tfx/op/linalg/matrix_determinant.hpp>
#include <tfx/op/linalg/matrix_diag_part.hpp>
#include <tfx/op/linalg/matrix_inverse.hpp>
#include <tfx/op/linalg/matrix_solve.hpp>
#include <tfx/op/linalg/matrix_transpose.hpp>
#include <tfx/op/linalg/matrix_triangular_solve.hpp>

namespace tf = tfx;
using op_test::check_gradient, op_test::same, op_test::spread, op_test::tensor;

namespace {
constexpr auto batch = tf::dim<"batch">;
constexpr auto size = tf::dim<"size">;

/// A batch of matrices that are far from singular.
std::vector<double> regular(std::size_t count, std::size_t n) {
  std::vector<double> out = spread(count * n * n, -1, 1);
  for (std::size_t i = 0; i < out.size(); ++i)
    if (i % (n * n) % (n + 1) == 0) out[i] += 2;
  return out;
}
template <class... Build>
void check(Build const&... builds) {
  check_gradient(tf::shape<3, 3>, std::array<std::size_t, 2>{3, 3}, regular(1, 3), builds...);
  check_gradient(tf::shape<batch, size, size>, std::array<std::size_t, 3>{2, 2, 2}, regular(2, 2), builds...);
}
}  // namespace

TEST_CASE("matrix_inverse, matrix_determinant: derivatives of first and second order, static and of run-time size") {
  check([](auto x) { return tf::matrix_inverse(x); }, [](auto x) { return tf::matrix_inverse(x, tf::adjoint); },
        [](auto x) { return tf::matrix_determinant(x); });
}
TEST_CASE("matrix_solve: derivatives along both inputs") {
  check([](auto x) { return tf::matrix_solve(x, tf::square(x)); },
        [](auto x) { return tf::matrix_solve(x, tf::square(x), tf::adjoint); });
}
TEST_CASE("matrix_triangular_solve: derivatives along both inputs, of either triangle") {
  check([](auto x) { return tf::matrix_triangular_solve(x, tf::square(x)); },
        [](auto x) { return tf::matrix_triangular_solve(x, tf::square(x), tf::adjoint, tf::upper); });
  check_gradient(
      tf::shape<3, 3>, std::array<std::size_t, 2>{3, 3}, regular(1, 3),
      [](auto x) { return tf::matrix_triangular_solve(x, tf::square(x), tf::upper); },
      [](auto x) { return tf::matrix_triangular_solve(x, tf::square(x), tf::adjoint); });
}
TEST_CASE("cholesky: derivatives of first and second order") {
  check([](auto x) {
    auto const squares = tf::matmul(x, x, tf::transpose_b);
    return tf::cholesky(squares + tf::matrix_diag(tf::matrix_diag_part(tf::square(x))));
  });
}
TEST_CASE("matrix_diag, matrix_diag_part, matrix_band_part, matrix_transpose: values of any rank, and derivatives") {
  tf::Session sess;
  auto const x = tf::placeholder<"x", int>(tf::shape<batch, 2, 3>);
  auto const v = tensor<int, 3>({2, 2, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
  auto const [part, tall, diag, turned, low, high, band, one] =
      sess.run(tf::fetch(tf::matrix_diag_part(x), tf::matrix_diag_part(tf::matrix_transpose(x)), tf::matrix_diag(x),
                         tf::matrix_transpose(x), tf::matrix_band_part(x, tf::band<-1, 0>),
                         tf::matrix_band_part(x, tf::band<0, -1>), tf::matrix_band_part(x, tf::band<0, 1>),
                         tf::matrix_diag(tf::constant({true, false}))),
               x = v);
  CHECK(same(part, {1, 5, 7, 11}));
  CHECK(same(tall, {1, 5, 7, 11}));
  CHECK((diag.dimension() == 4 && diag.shape()[2] == 3 && diag.shape()[3] == 3));
  CHECK((diag(1, 1, 2, 2) == 12 && diag(1, 1, 2, 1) == 0 && diag(0, 1, 0, 0) == 4));
  CHECK(same(turned, {1, 4, 2, 5, 3, 6, 7, 10, 8, 11, 9, 12}));
  CHECK(same(low, {1, 0, 0, 4, 5, 0, 7, 0, 0, 10, 11, 0}));
  CHECK(same(high, {1, 2, 3, 0, 5, 6, 7, 8, 9, 0, 11, 12}));
  CHECK(same(band, {1, 2, 0, 0, 5, 6, 7, 8, 0, 0, 11, 12}));
  CHECK(same(one, {1, 0, 0, 0}));
  auto const u = tf::placeholder<"u", double>(tf::shape<tf::dyn, tf::dyn>);
  auto const d = tf::matrix_diag_part(u);
  auto const all = tf::fetch(d, std::get<0>(tf::gradients(d * d, u)));
  for (auto const [rows, columns] : {std::array<std::size_t, 2>{2, 3}, {3, 2}, {2, 2}, {0, 2}}) {
    std::size_t const n = std::min(rows, columns);
    auto const value = tensor<double, 2>({rows, columns}, spread(rows * columns, -1, 1));
    auto const [y, dx] = sess.run(all, u = value);
    REQUIRE((y.size() == n && dx.shape()[0] == rows && dx.shape()[1] == columns));
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t j = 0; j < columns; ++j) CHECK(dx(i, j) == (i == j ? 2 * value(i, j) : 0));
  }
  auto const build = [](auto m) {
    auto const corner = tf::matrix_diag(tf::matrix_diag_part(m)) * tf::matrix_band_part(tf::square(m), tf::band<-1, 1>);
    return tf::matmul(corner, tf::matrix_transpose(m));
  };
  check(build);
  check_gradient(tf::shape<2, 3>, std::array<std::size_t, 2>{2, 3}, spread(6, -1, 1),
                 [](auto m) { return tf::square(tf::matrix_diag_part(m)); });
}
