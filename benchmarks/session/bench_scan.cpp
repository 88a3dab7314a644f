// SPDX-License-Identifier: Apache-2.0
// A recurrence of 100 steps, h = tanh(h·w + x) with h [32, 128], as a loop against the same network written out: the
// loss, and its gradient along w and every x.
#include <benchmark/benchmark.h>
#include <tfx/tfx.hpp>
#include <xtensor/xtensor.hpp>
namespace tf = tfx;

namespace {

constexpr int steps = 100;
constexpr auto x = tf::placeholder<"x", float>(tf::shape<steps, 32, 128>);

auto weight() { return tf::variable<"w">(tf::random_normal<"w">(tf::shape<128, 128>, 0.0f, 0.05f)); }
auto start() { return tf::zeros(tf::shape<32, 128>); }

template <int I = 0, class H, class W, class Slices>
auto written_out(H const& h, W const& w, Slices const& slices) {
  if constexpr (I == steps) {
    return h;
  } else {
    return written_out<I + 1>(tf::tanh(tf::matmul(h, w) + std::get<I>(slices)), w, slices);
  }
}

template <class Loss, class... More>
void run(benchmark::State& state, Loss const& loss, More const&... more) {
  tf::Session sess;
  sess.set_random_seed(1);
  sess.run(tf::global_variables_initializer(loss));
  auto const values = xt::xtensor<float, 3>(xt::ones<float>({steps, 32, 128}) * 0.01f);
  auto const step = sess.make_callable(tf::fetch(loss, more...), x);
  for (auto _ : state) benchmark::DoNotOptimize(step(values));
}
template <class Last>
void forward(benchmark::State& state, Last const& last) {
  run(state, tf::reduce_sum(tf::square(last)));
}
template <class Last>
void gradient(benchmark::State& state, Last const& last) {
  auto const loss = tf::reduce_sum(tf::square(last));
  auto const [dw, dx] = tf::gradients(loss, weight(), x);
  run(state, loss, dw, dx);
}
auto loop() {
  return tf::foldl([w = weight()](auto h, auto s) { return tf::tanh(tf::matmul(h, w) + s); }, x, start());
}
auto chain() { return written_out(start(), weight(), tf::unstack(x)); }

void forward_loop(benchmark::State& state) { forward(state, loop()); }
void forward_chain(benchmark::State& state) { forward(state, chain()); }
void gradient_loop(benchmark::State& state) { gradient(state, loop()); }
void gradient_chain(benchmark::State& state) { gradient(state, chain()); }

BENCHMARK(forward_loop)->Name("forward/loop");
BENCHMARK(forward_chain)->Name("forward/written_out");
BENCHMARK(gradient_loop)->Name("gradient/loop");
BENCHMARK(gradient_chain)->Name("gradient/written_out");

}  // namespace

BENCHMARK_MAIN();
