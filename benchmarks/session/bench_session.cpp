// SPDX-License-Identifier: Apache-2.0
// What a run costs beyond its kernel: x + 1 on 16 floats, against the same instructions called by hand.
#include <benchmark/benchmark.h>
#include <algorithm>
#include <tfx/tfx.hpp>
#include <xtensor/xtensor.hpp>
namespace tf = tfx;

namespace {

constexpr auto x = tf::placeholder<"x", float>(tf::shape<16>);
constexpr auto batch = tf::dim<"batch">;
constexpr auto rows = tf::placeholder<"rows", float>(tf::shape<batch, 8>);

/// The result is looked at once, after the clock has stopped.
void check(benchmark::State& state, xt::xtensor<float, 1> const& result, float expected) {
  if (std::count(result.begin(), result.end(), expected) != 16) state.SkipWithError("wrong result");
}

xt::xtensor<float, 1> ones() {
  auto v = xt::xtensor<float, 1>::from_shape({16});
  v.fill(1.0f);
  return v;
}

[[gnu::noinline]] void add_one(float const* from, float* to) {
  using pack = tf::simd::pack<float, 16>;
  (pack::load(from) + pack(1.0f)).store(to);
}

// The result stays in a variable, so that nothing is given back.
void assigned_hand(benchmark::State& state) {
  auto const from = ones();
  auto to = ones();
  for (auto _ : state) {
    add_one(from.data(), to.data());
    benchmark::ClobberMemory();
  }
  check(state, to, 2.0f);
}
void assigned_callable(benchmark::State& state) {
  auto const from = ones();
  auto y = tf::variable<"y">(tf::zeros(tf::shape<16>));
  tf::Session sess;
  auto run = sess.make_callable(tf::group(y.assign(x + 1.0f)), x);
  for (auto _ : state) {
    run(from);
    benchmark::ClobberMemory();
  }
  check(state, sess.run(y), 2.0f);
}
void assigned_run(benchmark::State& state) {
  auto const from = ones();
  auto y = tf::variable<"y">(tf::zeros(tf::shape<16>));
  auto step = tf::group(y.assign(x + 1.0f));
  tf::Session sess;
  for (auto _ : state) {
    sess.run(step, x = from);
    benchmark::ClobberMemory();
  }
  check(state, sess.run(y), 2.0f);
}

// Two runs in turn: each looks its program up again.
void assigned_two_runs(benchmark::State& state) {
  auto const from = ones();
  auto y = tf::variable<"y">(tf::zeros(tf::shape<16>));
  auto up = tf::group(y.assign(x + 1.0f));
  auto down = tf::group(y.assign(x - 1.0f));
  tf::Session sess;
  for (auto _ : state) {
    sess.run(up, x = from);
    sess.run(down, x = from);
    benchmark::ClobberMemory();
  }
  check(state, sess.run(y), 0.0f);
}

// The result comes back in a container, which is allocated.
void fetched_hand(benchmark::State& state) {
  auto const from = ones();
  for (auto _ : state) {
    auto to = xt::xtensor<float, 1>::from_shape({16});
    add_one(from.data(), to.data());
    benchmark::DoNotOptimize(to.data());
    benchmark::ClobberMemory();
  }
}
void fetched_callable(benchmark::State& state) {
  auto const from = ones();
  tf::Session sess;
  auto run = sess.make_callable(x + 1.0f, x);
  for (auto _ : state) {
    auto to = run(from);
    benchmark::DoNotOptimize(to.data());
    benchmark::ClobberMemory();
  }
}
void fetched_run(benchmark::State& state) {
  auto const from = ones();
  auto y = x + 1.0f;
  tf::Session sess;
  for (auto _ : state) {
    auto to = sess.run(y, x = from);
    benchmark::DoNotOptimize(to.data());
    benchmark::ClobberMemory();
  }
}

// A number, and an extent that each run settles.
void scalar_hand(benchmark::State& state) {
  float v = 1.0f;
  for (auto _ : state) {
    benchmark::DoNotOptimize(&v);
    benchmark::ClobberMemory();
    benchmark::DoNotOptimize(v + 1.0f);
  }
}
void scalar_run(benchmark::State& state) {
  auto v = tf::placeholder<"v", float>(tf::shape<>);
  auto y = v + 1.0f;
  tf::Session sess;
  for (auto _ : state) benchmark::DoNotOptimize(sess.run(y, v = 1.0f));
}
void symbolic_run(benchmark::State& state) {
  auto from = xt::xtensor<float, 2>::from_shape({2, 8});
  from.fill(1.0f);
  auto y = tf::reduce_sum(rows + 1.0f);
  tf::Session sess;
  for (auto _ : state) benchmark::DoNotOptimize(sess.run(y, rows = from));
}

BENCHMARK(assigned_hand)->Name("assigned/hand");
BENCHMARK(assigned_callable)->Name("assigned/callable");
BENCHMARK(assigned_run)->Name("assigned/run");
BENCHMARK(assigned_two_runs)->Name("assigned/two_runs");
BENCHMARK(fetched_hand)->Name("fetched/hand");
BENCHMARK(fetched_callable)->Name("fetched/callable");
BENCHMARK(fetched_run)->Name("fetched/run");
BENCHMARK(scalar_hand)->Name("scalar/hand");
BENCHMARK(scalar_run)->Name("scalar/run");
BENCHMARK(symbolic_run)->Name("symbolic/run");

}  // namespace

BENCHMARK_MAIN();
