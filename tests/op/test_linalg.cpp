// SPDX-License-Identifier: Apache-2.0
// covers: cholesky matrix_determinant matrix_inverse matrix_solve matrix_triangular_solve matrices
#include <support/op_test.hpp>
#include <tfx/op/linalg/cholesky.hpp>
#include <tfx/op/linalg/matrix_determinant.hpp>
#include <tfx/op/linalg/matrix_inverse.hpp>
#include <tfx/op/linalg/matrix_solve.hpp>
#include <tfx/op/linalg/matrix_triangular_solve.hpp>

namespace tf = tfx;
using op_test::near, op_test::not_a_number, op_test::refusal, op_test::spread, op_test::tensor;

namespace {
using c64 = std::complex<float>;
using c128 = std::complex<double>;
constexpr auto batch = tf::dim<"batch">;
constexpr auto size = tf::dim<"size">;
constexpr auto columns = tf::dim<"columns">;
constexpr bool singular = true;

/// A matrix in double, to check with.
struct matrix {
  std::size_t rows, columns;
  std::vector<c128> values;

  matrix(std::size_t r, std::size_t c) : rows(r), columns(c), values(r * c) {}
  c128& operator()(std::size_t i, std::size_t j) { return values[i * columns + j]; }
  c128 operator()(std::size_t i, std::size_t j) const { return values[i * columns + j]; }
  double norm() const {
    double sum = 0;
    for (c128 const& v : values) sum += std::norm(v);
    return std::sqrt(sum);
  }
  matrix adjoint() const {
    matrix out(columns, rows);
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t j = 0; j < columns; ++j) out(j, i) = std::conj((*this)(i, j));
    return out;
  }
  matrix triangle(bool lower) const {
    matrix out(rows, columns);
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t j = 0; j < columns; ++j)
        if (lower ? j <= i : j >= i) out(i, j) = (*this)(i, j);
    return out;
  }
  static matrix identity(std::size_t n) {
    matrix out(n, n);
    for (std::size_t i = 0; i < n; ++i) out(i, i) = 1;
    return out;
  }
};
matrix operator*(matrix const& a, matrix const& b) {
  matrix out(a.rows, b.columns);
  for (std::size_t i = 0; i < a.rows; ++i)
    for (std::size_t p = 0; p < a.columns; ++p) {
      double const re = a(i, p).real(), im = a(i, p).imag();
      for (std::size_t j = 0; j < b.columns; ++j) {
        c128 const v = b(p, j);
        out(i, j) += c128(re * v.real() - im * v.imag(), re * v.imag() + im * v.real());
      }
    }
  return out;
}
matrix operator-(matrix a, matrix const& b) {
  for (std::size_t i = 0; i < a.values.size(); ++i) a.values[i] -= b.values[i];
  return a;
}

template <class T>
inline constexpr bool is_complex = false;
template <class R>
inline constexpr bool is_complex<std::complex<R>> = true;
template <class T>
double epsilon() {
  if constexpr (is_complex<T>) {
    return std::numeric_limits<typename T::value_type>::epsilon();
  } else {
    return std::numeric_limits<T>::epsilon();
  }
}
template <class T>
T number(double re, double im) {
  if constexpr (is_complex<T>) {
    using R = typename T::value_type;
    return {static_cast<R>(re), static_cast<R>(im)};
  } else {
    return static_cast<T>(re);
  }
}
/// Numbers in no order; `diagonal` is added there. With `nearly`, the last row is almost the sum of the others.
template <class T>
xt::xtensor<T, 3> matrices(std::size_t count, std::size_t rows, std::size_t cols, unsigned seed, double diagonal = 0,
                           double nearly = 0) {
  xt::xtensor<T, 3> out(std::array<std::size_t, 3>{count, rows, cols});
  std::vector<double> const v = spread(2 * out.size() + 1, -1, 1, seed);
  for (std::size_t i = 0; i < out.size(); ++i) out.data()[i] = number<T>(v[2 * i], v[2 * i + 1]);
  for (std::size_t b = 0; b < count; ++b) {
    for (std::size_t i = 0; i < rows && i < cols; ++i) out(b, i, i) += number<T>(diagonal, 0);
    for (std::size_t j = 0; nearly != 0 && j < cols; ++j) {
      T sum = number<T>(nearly * double(j + 1), 0);
      for (std::size_t i = 0; i + 1 < rows; ++i) sum += out(b, i, j);
      out(b, rows - 1, j) = sum;
    }
  }
  return out;
}
template <class V>
matrix at(V const& batches, std::size_t b) {
  matrix out(batches.shape()[1], batches.shape()[2]);
  for (std::size_t i = 0; i < out.rows; ++i)
    for (std::size_t j = 0; j < out.columns; ++j) out(i, j) = c128(batches(b, i, j));
  return out;
}
/// a · x is b, as near as arithmetic in T allows.
template <class T>
bool solves(matrix const& a, matrix const& x, matrix const& b) {
  double const residual = (a * x - b).norm(), scale = a.norm() * x.norm();
  double const most = 20 * epsilon<T>() * double(std::max<std::size_t>(a.rows, 1)) * std::max(scale, b.norm());
  if (residual <= most) return true;
  MESSAGE("the residual is " << residual << ", at most " << most << " was expected");
  return false;
}

template <class T>
void check_solvers(std::vector<std::size_t> const& sizes) {
  auto const a = tf::placeholder<"a", T>(tf::shape<batch, size, size>);
  auto const b = tf::placeholder<"b", T>(tf::shape<batch, size, columns>);
  tf::Session sess;
  auto const step =
      sess.make_callable(tf::fetch(tf::matrix_inverse(a), tf::matrix_inverse(a, tf::adjoint), tf::matrix_solve(a, b),
                                   tf::matrix_solve(a, b, tf::adjoint), tf::matrix_determinant(a)),
                         a, b);
  auto const triangles =
      sess.make_callable(tf::fetch(tf::matrix_triangular_solve(a, b), tf::matrix_triangular_solve(a, b, tf::adjoint),
                                   tf::matrix_triangular_solve(a, b, tf::upper),
                                   tf::matrix_triangular_solve(a, b, tf::adjoint, tf::upper)),
                         a, b);
  auto const factor = sess.make_callable(tf::cholesky(a), a);
  for (std::size_t const n : sizes) {
    CAPTURE(n);
    for (bool const nearly : {!singular, singular}) {
      std::size_t const count = n > 100 ? 1 : 2, k = nearly ? 1 : n % 5 + 2;
      auto const av = matrices<T>(count, n, n, 3, 0, nearly ? 64 * epsilon<T>() : 0), bv = matrices<T>(count, n, k, 7);
      auto const [y, yh, x, xh, determinant] = step(av, bv);
      REQUIRE((y.shape()[0] == count && y.shape()[2] == n && x.shape()[2] == k && determinant.size() == count));
      for (std::size_t i = 0; i < count; ++i) {
        matrix const m = at(av, i), one = matrix::identity(n);
        CHECK(solves<T>(m, at(y, i), one));
        CHECK(solves<T>(m.adjoint(), at(yh, i), one));
        CHECK(solves<T>(m, at(x, i), at(bv, i)));
        CHECK(solves<T>(m.adjoint(), at(xh, i), at(bv, i)));
      }
    }
    std::size_t const count = n > 100 ? 1 : 3, k = n % 4 + 1;
    auto const av = matrices<T>(count, n, n, 5, double(n) + 1), bv = matrices<T>(count, n, k, 7);
    auto const [low, low_adjoint, high, high_adjoint] = triangles(av, bv);
    for (std::size_t i = 0; i < count; ++i) {
      matrix const l = at(av, i).triangle(true), u = at(av, i).triangle(false);
      CHECK(solves<T>(l, at(low, i), at(bv, i)));
      CHECK(solves<T>(l.adjoint(), at(low_adjoint, i), at(bv, i)));
      CHECK(solves<T>(u, at(high, i), at(bv, i)));
      CHECK(solves<T>(u.adjoint(), at(high_adjoint, i), at(bv, i)));
    }
    // A positive definite matrix; its upper triangle is not read.
    auto sv = matrices<T>(count, n, n, 9);
    std::vector<matrix> wanted;
    for (std::size_t b = 0; b < count; ++b) {
      matrix const root = at(sv, b);
      wanted.push_back(root * root.adjoint());
      for (std::size_t i = 0; i < n; ++i) wanted[b](i, i) += double(n);
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j)
          sv(b, i, j) = j > i ? number<T>(not_a_number, 0) : number<T>(wanted[b](i, j).real(), wanted[b](i, j).imag());
    }
    auto const l = factor(sv);
    for (std::size_t i = 0; i < count; ++i) {
      matrix const root = at(l, i);
      CHECK(root.triangle(true).values == root.values);
      CHECK(solves<T>(root, root.adjoint(), wanted[i]));
    }
  }
}
}  // namespace

TEST_CASE("linalg: residuals of batches of random and nearly singular matrices, of every dtype and of run-time size") {
  check_solvers<double>({0, 1, 2, 3, 7, 32, 33, 65, 200});
  check_solvers<float>({0, 1, 2, 5, 16, 67, 200});
  check_solvers<c128>({0, 1, 3, 34, 200});
  check_solvers<c64>({1, 4, 33, 101});
}

TEST_CASE("linalg: static shapes, more than one batch axis, an empty batch") {
  auto const a = tf::placeholder<"a", double>(tf::shape<2, 2, 3, 3>);
  auto const b = tf::placeholder<"b", double>(tf::shape<2, 2, 3, 1>);
  static_assert(decltype(tf::matrix_determinant(a))::shape == tf::shape<2, 2>);
  static_assert(decltype(tf::matrix_solve(a, b))::shape == tf::shape<2, 2, 3, 1>);
  static_assert(decltype(tf::cholesky(tf::zeros<double>(tf::shape<0, 4, 4>)))::shape == tf::shape<0, 4, 4>);
  tf::Session sess;
  auto const values = matrices<double>(4, 3, 3, 3), right = matrices<double>(4, 3, 1, 4);
  auto const [x, y, d] =
      sess.run(tf::fetch(tf::matrix_solve(a, b), tf::matmul(tf::matrix_inverse(a), b), tf::matrix_determinant(a)),
               a = tensor<double, 4>({2, 2, 3, 3}, {values.begin(), values.end()}),
               b = tensor<double, 4>({2, 2, 3, 1}, {right.begin(), right.end()}));
  for (std::size_t i = 0; i < 12; ++i) CHECK(near(x.data()[i], y.data()[i], 1e-12));
  for (std::size_t i = 0; i < 4; ++i) {
    matrix const m = at(values, i);
    c128 expected = 0;
    for (std::size_t k = 0; k < 3; ++k)
      expected += m(0, k) * (m(1, (k + 1) % 3) * m(2, (k + 2) % 3) - m(1, (k + 2) % 3) * m(2, (k + 1) % 3));
    CHECK(near(d.data()[i], expected.real(), 1e-14));
  }
  CHECK(sess.run(tf::cholesky(tf::zeros<double>(tf::shape<0, 4, 4>))).size() == 0);
}

TEST_CASE("matrix_determinant: exact signs, 1 of nothing, 0 of what is singular, no overflow on the way") {
  auto const a = tf::placeholder<"a", double>(tf::shape<size, size>);
  auto const z = tf::placeholder<"z", c64>(tf::shape<size, size>);
  tf::Session sess;
  auto const of = [&](std::size_t n, std::vector<double> const& values) {
    return sess.run(tf::matrix_determinant(a), a = tensor<double, 2>({n, n}, values));
  };
  CHECK(of(0, {}) == 1);
  CHECK(of(1, {-3}) == -3);
  CHECK(of(2, {0, 1, 1, 0}) == -1);
  CHECK(of(3, {0, 1, 0, 0, 0, 1, 1, 0, 0}) == 1);
  CHECK(of(2, {1, 2, 2, 4}) == 0);
  CHECK(of(4, {1e200, 0, 0, 0, 0, -1e200, 0, 0, 0, 0, 1e-200, 0, 0, 0, 0, 1e-200}) == doctest::Approx(-1));
  CHECK(of(2, {1e200, 0, 0, 1e200}) == op_test::infinity);
  CHECK(std::isnan(of(2, {not_a_number, 1, 2, 3})));
  auto const i = sess.run(tf::matrix_determinant(z), z = xt::xtensor<c64, 2>{{c64(0, 1), 2}, {c64(3, 0), c64(0, 2)}});
  CHECK(std::abs(i - c64(-8, 0)) < 1e-5f);
}

TEST_CASE("linalg: what has no solution is refused in TensorFlow's words, for the gradient too") {
  auto const a = tf::placeholder<"a", double>(tf::shape<batch, size, size>);
  auto const b = tf::placeholder<"b", double>(tf::shape<batch, size, 1>);
  auto const bad = tensor<double, 3>({2, 2, 2}, {1, 2, 3, 4, 1, 2, 2, 4});  // the second is singular
  auto const zero = tensor<double, 3>({1, 2, 2}, {1, 2, 3, 0});
  auto const indefinite = tensor<double, 3>({1, 2, 2}, {1, 2, 2, 1});
  auto const right = [](std::size_t n) { return tensor<double, 3>({n, 2, 1}, {1, 2, 3, 4}); };
  tf::Session sess;
  auto const gradient = [&](auto const& y) { return std::get<0>(tf::gradients(y, a)); };
  auto const check = [&](auto const& y, auto const& value, std::string const& text) {
    CHECK(refusal([&] { sess.run(y, a = value, b = right(value.shape()[0])); }) == text);
    CHECK(refusal([&] { sess.run(gradient(y), a = value, b = right(value.shape()[0])); }) == text);
  };
  check(tf::matrix_solve(a, b), bad, "matrix_solve: Input matrix is not invertible.");
  check(tf::matrix_triangular_solve(a, b), zero, "matrix_triangular_solve: Input matrix is not invertible.");
  check(tf::matrix_inverse(a) + 0.0 * tf::reduce_sum(b), bad, "matrix_inverse: Input is not invertible.");
  check(tf::cholesky(a) + 0.0 * tf::reduce_sum(b), indefinite,
        "cholesky: Cholesky decomposition was not successful. The input might not be valid.");
  CHECK(sess.run(tf::matrix_determinant(a), a = bad)(1) == 0);
  CHECK(refusal([&] { sess.run(gradient(tf::matrix_determinant(a)), a = bad); }) ==
        "matrix_inverse: Input is not invertible.");

  // A NaN is no refusal: it comes out.
  auto const odd = tensor<double, 3>({1, 2, 2}, {not_a_number, 2, 0, 1});
  auto const [l, y, x] =
      sess.run(tf::fetch(tf::cholesky(a), tf::matrix_inverse(a), tf::matrix_solve(a, b)), a = odd, b = right(1));
  CHECK((std::isnan(l(0, 0, 0)) && std::isnan(y(0, 0, 0)) && std::isnan(x(0, 0, 0))));

  auto const open = tf::placeholder<"open", double>(tf::shape<tf::dyn, tf::dyn>);
  auto const wide = tensor<double, 2>({2, 3}, spread(6, -1, 1));
  auto const says = [&](auto const& y, std::string const& text) {
    return refusal([&] { sess.run(y, open = wide); }).find(text) == 0;
  };
  CHECK(says(tf::matrix_inverse(open), "Cannot feed value of shape [2,3] for Tensor 'open:0'"));
  auto const twice = tf::concat(tf::axis<0>, open, open);
  CHECK(says(tf::matrix_inverse(twice), "Input matrix must be square: of [4,3] the last two extents are [4,3]"));
  CHECK(says(tf::matrix_solve(tf::matmul(open, open, tf::transpose_b), twice),
             "Input matrix [2,2] and rhs [4,3] are incompatible."));
}
