// SPDX-License-Identifier: Apache-2.0
// A chain of elementwise ops in one pass, tanh(a·x + b)·c + exp(-x²), against Eigen's array expressions.
#if defined(__GNUC__) && !defined(__clang__)
// g++ 12 takes the undefined registers of its own AVX-512 intrinsics for mistakes of Eigen's.
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <benchmark/benchmark.h>
#include <Eigen/Core>
#include <cmath>
#include <span>
#include <tfx/tfx.hpp>
#include <xtensor/xtensor.hpp>
namespace tf = tfx;

namespace {

template <tf::i64 Count>
void chain_tfx(benchmark::State& state) {
  Eigen::ArrayXf const from = Eigen::ArrayXf::Random(Count) * 4.0f;
  auto x = tf::placeholder<"x", float>(tf::shape<Count>);
  auto y = tf::variable<"y">(tf::zeros(tf::shape<Count>));
  auto chain = tf::group(y.assign(tf::tanh(1.5f * x + 0.25f) * 2.5f + tf::exp(-tf::square(x))));
  std::span<float const> const values(from.data(), Count);
  tf::Session sess;
  auto run = sess.make_callable(chain, x);
  for (auto _ : state) {
    run(values);
    benchmark::ClobberMemory();
  }
  auto const result = sess.run(y);
  Eigen::ArrayXf const expected = (1.5f * from + 0.25f).tanh() * 2.5f + (-from.square()).exp();
  if ((Eigen::Map<Eigen::ArrayXf const>(result.data(), Count) - expected).abs().maxCoeff() > 1e-5f)
    state.SkipWithError("differs from Eigen");
  state.SetItemsProcessed(state.iterations() * Count);
}

template <tf::i64 Count>
void chain_eigen(benchmark::State& state) {
  Eigen::ArrayXf const from = Eigen::ArrayXf::Random(Count) * 4.0f;
  Eigen::ArrayXf to(Count);
  float a = 1.5f, b = 0.25f, c = 2.5f;
  benchmark::DoNotOptimize(a);
  benchmark::DoNotOptimize(b);
  benchmark::DoNotOptimize(c);
  for (auto _ : state) {
    to = (a * from + b).tanh() * c + (-from.square()).exp();
    benchmark::DoNotOptimize(to.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * Count);
}

/// A cheap chain, where loads and stores show.
template <tf::i64 Count>
void scale_tfx(benchmark::State& state) {
  Eigen::ArrayXf const from = Eigen::ArrayXf::Random(Count);
  auto x = tf::placeholder<"x", float>(tf::shape<Count>);
  auto y = tf::variable<"y">(tf::zeros(tf::shape<Count>));
  auto chain = tf::group(y.assign(1.5f * x + 0.25f));
  std::span<float const> const values(from.data(), Count);
  tf::Session sess;
  auto run = sess.make_callable(chain, x);
  for (auto _ : state) {
    run(values);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * Count);
}
template <tf::i64 Count>
void scale_eigen(benchmark::State& state) {
  Eigen::ArrayXf const from = Eigen::ArrayXf::Random(Count);
  Eigen::ArrayXf to(Count);
  float a = 1.5f, b = 0.25f;
  benchmark::DoNotOptimize(a);
  benchmark::DoNotOptimize(b);
  for (auto _ : state) {
    to = a * from + b;
    benchmark::DoNotOptimize(to.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * Count);
}

/// A chain that ends in a reduction.
template <tf::i64 Count>
void square_sum_tfx(benchmark::State& state) {
  Eigen::ArrayXf const from = Eigen::ArrayXf::Random(Count);
  auto x = tf::placeholder<"x", float>(tf::shape<Count>);
  std::span<float const> const values(from.data(), Count);
  tf::Session sess;
  auto run = sess.make_callable(tf::reduce_sum(tf::square(x)), x);
  for (auto _ : state) {
    benchmark::DoNotOptimize(run(values));
    benchmark::ClobberMemory();
  }
  if (std::abs(run(values) / from.square().sum() - 1.0f) > 1e-4f) state.SkipWithError("differs from Eigen");
  state.SetItemsProcessed(state.iterations() * Count);
}
template <tf::i64 Count>
void square_sum_eigen(benchmark::State& state) {
  Eigen::ArrayXf const from = Eigen::ArrayXf::Random(Count);
  for (auto _ : state) {
    benchmark::DoNotOptimize(from.square().sum());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * Count);
}

BENCHMARK(chain_tfx<1000>)->Name("chain_1e3/tfx");
BENCHMARK(chain_eigen<1000>)->Name("chain_1e3/eigen");
BENCHMARK(chain_tfx<100000>)->Name("chain_1e5/tfx");
BENCHMARK(chain_eigen<100000>)->Name("chain_1e5/eigen");
BENCHMARK(chain_tfx<10000000>)->Name("chain_1e7/tfx");
BENCHMARK(chain_eigen<10000000>)->Name("chain_1e7/eigen");
BENCHMARK(scale_tfx<1000>)->Name("scale_1e3/tfx");
BENCHMARK(scale_eigen<1000>)->Name("scale_1e3/eigen");
BENCHMARK(scale_tfx<100000>)->Name("scale_1e5/tfx");
BENCHMARK(scale_eigen<100000>)->Name("scale_1e5/eigen");
BENCHMARK(square_sum_tfx<1000>)->Name("square_sum_1e3/tfx");
BENCHMARK(square_sum_eigen<1000>)->Name("square_sum_1e3/eigen");
BENCHMARK(square_sum_tfx<100000>)->Name("square_sum_1e5/tfx");
BENCHMARK(square_sum_eigen<100000>)->Name("square_sum_1e5/eigen");

}  // namespace

BENCHMARK_MAIN();
