// SPDX-License-Identifier: Apache-2.0
// Whole training steps (forward, backward, update) against the same step written by hand with Eigen.
#if defined(__GNUC__) && !defined(__clang__)
// g++ 12 takes the undefined registers of its own AVX-512 intrinsics for mistakes of Eigen's.
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
// On AVX2 it warns of loops that Eigen's products never enter.
#pragma GCC diagnostic ignored "-Waggressive-loop-optimizations"
#endif
#include <benchmark/benchmark.h>
#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <tfx/tfx.hpp>
#include <xtensor/xtensor.hpp>
namespace tf = tfx;

namespace {

template <int Columns, int Order = Eigen::RowMajor>
using matrix = Eigen::Matrix<float, Eigen::Dynamic, Columns, Order>;

xt::xtensor<float, 2> numbers(std::size_t rows, std::size_t columns) {
  auto result = xt::xtensor<float, 2>::from_shape({rows, columns});
  matrix<Eigen::Dynamic> const random = matrix<Eigen::Dynamic>::Random(Eigen::Index(rows), Eigen::Index(columns));
  std::copy_n(random.data(), rows * columns, result.data());
  return result;
}

// Linear regression: 2000 points of 3 features, as in the acceptance program.
struct line_data {
  xt::xtensor<float, 2> x = numbers(2000, 3);
  xt::xtensor<float, 1> y = xt::xtensor<float, 1>::from_shape({2000});
  line_data() {
    for (std::size_t i = 0; i < 2000; ++i) y(i) = 0.3f * x(i, 0) + 0.5f * x(i, 1) + 0.1f * x(i, 2) - 0.2f;
  }
};

void line_tfx(benchmark::State& state) {
  line_data const d;
  auto x = tf::placeholder<"x", float>(tf::shape<tf::dyn, 3>);
  auto y = tf::placeholder<"y", float>(tf::shape<tf::dyn>);
  auto w = tf::variable<"w">(tf::zeros(tf::shape<1, 3>));
  auto b = tf::variable<"b">(tf::constant(0.0f));
  auto cost = tf::reduce_mean(tf::square(y - (tf::matmul(w, tf::transpose(x)) + b)));
  auto train = tf::train::GradientDescentOptimizer(0.5f).minimize(cost);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(train));
  auto step = sess.make_callable(train, x, y);
  for (auto _ : state) {
    step(d.x, d.y);
    benchmark::ClobberMemory();
  }
  auto [slope, offset] = sess.run(tf::fetch(w, b));
  if (state.iterations() > 1000 && (std::abs(slope(0, 1) - 0.5f) > 1e-3f || std::abs(offset + 0.2f) > 1e-3f))
    state.SkipWithError("did not converge");
}

/// Order: Eigen keeps the points as they come, row by row, or its own way, which costs a copy that is not counted.
template <int Order>
void line_eigen(benchmark::State& state) {
  line_data const d;
  matrix<3, Order> const x = Eigen::Map<matrix<3> const>(d.x.data(), 2000, 3);
  Eigen::Map<Eigen::VectorXf const> const y(d.y.data(), 2000);
  Eigen::Vector3f w = Eigen::Vector3f::Zero(), slope;
  float b = 0;
  Eigen::VectorXf error(2000);
  for (auto _ : state) {
    error.noalias() = x * w - y;
    error.array() += b;
    slope.noalias() = x.transpose() * error;
    w -= 0.5f * 2.0f / 2000.0f * slope;
    b -= 0.5f * 2.0f / 2000.0f * error.sum();
    benchmark::DoNotOptimize(w.data());
    benchmark::DoNotOptimize(&b);
    benchmark::ClobberMemory();
  }
  if (state.iterations() > 1000 && (std::abs(w(1) - 0.5f) > 1e-3f || std::abs(b + 0.2f) > 1e-3f))
    state.SkipWithError("did not converge");
}

/// The same with the three columns spelled out.
template <int Order>
void line_eigen_lazy(benchmark::State& state) {
  line_data const d;
  matrix<3, Order> const x = Eigen::Map<matrix<3> const>(d.x.data(), 2000, 3);
  Eigen::Map<Eigen::VectorXf const> const y(d.y.data(), 2000);
  Eigen::Vector3f w = Eigen::Vector3f::Zero(), slope;
  float b = 0;
  Eigen::VectorXf error(2000);
  for (auto _ : state) {
    error.array() = x.col(0).array() * w(0) + x.col(1).array() * w(1) + x.col(2).array() * w(2) + (b - y.array());
    for (int i = 0; i < 3; ++i) slope(i) = x.col(i).dot(error);
    w -= 0.5f * 2.0f / 2000.0f * slope;
    b -= 0.5f * 2.0f / 2000.0f * error.sum();
    benchmark::DoNotOptimize(w.data());
    benchmark::DoNotOptimize(&b);
    benchmark::ClobberMemory();
  }
  if (state.iterations() > 1000 && (std::abs(w(1) - 0.5f) > 1e-3f || std::abs(b + 0.2f) > 1e-3f))
    state.SkipWithError("did not converge");
}

// Softmax regression: 100 images of 784 pixels, 10 classes.
struct digit_data {
  xt::xtensor<float, 2> x = numbers(100, 784), y = xt::xtensor<float, 2>::from_shape({100, 10});
  digit_data() {
    y.fill(0.0f);
    for (std::size_t i = 0; i < 100; ++i) y(i, i * 7 % 10) = 1.0f;
  }
};

void softmax_tfx(benchmark::State& state) {
  digit_data const d;
  constexpr auto batch = tf::dim<"batch">;
  auto x = tf::placeholder<"x", float>(tf::shape<batch, 784>);
  auto y = tf::placeholder<"y", float>(tf::shape<batch, 10>);
  auto w = tf::variable<"w">(tf::zeros(tf::shape<784, 10>));
  auto b = tf::variable<"b">(tf::zeros(tf::shape<10>));
  auto logits = tf::matmul(x, w) + b;
  auto loss = tf::reduce_mean(tf::nn::softmax_cross_entropy_with_logits(tf::labels = y, tf::logits = logits));
  auto train = tf::train::GradientDescentOptimizer(0.5f).minimize(loss);
  tf::Session sess;
  sess.run(tf::global_variables_initializer(train));
  auto step = sess.make_callable(train, x, y);
  for (auto _ : state) {
    step(d.x, d.y);
    benchmark::ClobberMemory();
  }
  if (state.iterations() > 1000 && sess.run(loss, x = d.x, y = d.y) > 0.1f) state.SkipWithError("did not converge");
}

template <int Order>
void softmax_eigen(benchmark::State& state) {
  digit_data const d;
  Eigen::Map<matrix<784> const> const x(d.x.data(), 100, 784);
  Eigen::Map<matrix<10> const> const y(d.y.data(), 100, 10);
  Eigen::Matrix<float, 784, 10, Order> w = Eigen::Matrix<float, 784, 10, Order>::Zero();
  Eigen::Matrix<float, 1, 10> b = Eigen::Matrix<float, 1, 10>::Zero();
  matrix<10, Order> p(100, 10);
  Eigen::ArrayXf row(100);
  for (auto _ : state) {
    p.noalias() = x * w;
    p.rowwise() += b;
    row = p.rowwise().maxCoeff();
    p.array() = (p.array().colwise() - row).exp();
    row = 1.0f / p.array().rowwise().sum();
    p.array() = (p.array().colwise() * row - y.array()) * (0.5f / 100.0f);
    w.noalias() -= x.transpose() * p;
    b -= p.colwise().sum();
    benchmark::DoNotOptimize(w.data());
    benchmark::DoNotOptimize(b.data());
    benchmark::ClobberMemory();
  }
  // The probability that is still missing from the right classes.
  if (state.iterations() > 1000 && -(p.array() * y.array()).sum() / 0.5f > 0.1f)
    state.SkipWithError("did not converge");
}

BENCHMARK(line_tfx)->Name("linear_regression_2000x3/tfx");
BENCHMARK(line_eigen<Eigen::RowMajor>)->Name("linear_regression_2000x3/eigen_rows");
BENCHMARK(line_eigen<Eigen::ColMajor>)->Name("linear_regression_2000x3/eigen_columns");
BENCHMARK(line_eigen_lazy<Eigen::RowMajor>)->Name("linear_regression_2000x3/eigen_array_rows");
BENCHMARK(line_eigen_lazy<Eigen::ColMajor>)->Name("linear_regression_2000x3/eigen_array_columns");
BENCHMARK(softmax_tfx)->Name("softmax_regression_100x784x10/tfx");
BENCHMARK(softmax_eigen<Eigen::RowMajor>)->Name("softmax_regression_100x784x10/eigen_rows");
BENCHMARK(softmax_eigen<Eigen::ColMajor>)->Name("softmax_regression_100x784x10/eigen_columns");

}  // namespace

BENCHMARK_MAIN();
