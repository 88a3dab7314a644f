// SPDX-License-Identifier: Apache-2.0
// An LSTM of 128 units along 50 steps of [32 rows, 64 inputs]: the sum of its squared outputs, and the gradient along
// kernel, bias and inputs, against the same by hand with Eigen, which projects the inputs of all steps by one product
// and makes the gradients of the weights of one product each, too.
#if defined(__GNUC__) && !defined(__clang__)
// g++ 12 takes the undefined registers of its own AVX-512 intrinsics for mistakes of Eigen's.
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <benchmark/benchmark.h>
#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <tfx/op/rnn/dynamic_rnn.hpp>
#include <tfx/op/rnn/lstm_cell.hpp>
#include <tfx/tfx.hpp>
#include <xtensor/xtensor.hpp>
namespace tf = tfx;

namespace {

constexpr int steps = 50, batch = 32, inputs = 64, units = 128;
using matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr auto x = tf::placeholder<"x", float>(tf::shape<steps, batch, inputs>);
auto kernel() { return tf::get_variable<"lstm/kernel">(tf::shape<inputs + units, 4 * units>); }
auto bias() { return tf::variable<"lstm/bias">(tf::zeros(tf::shape<4 * units>)); }

xt::xtensor<float, 3> sequence() {
  xt::xtensor<float, 3> values({steps, batch, inputs});
  for (std::size_t i = 0; i < values.size(); ++i) values.data()[i] = 0.5f * std::sin(0.7f * float(i % 1000));
  return values;
}

struct eigen_lstm {
  matrix wx, wh;
  Eigen::RowVectorXf b;
  matrix gates{steps * batch, 4 * units}, c{(steps + 1) * batch, units}, h{(steps + 1) * batch, units},
      tanh_c{steps * batch, units}, now{batch, 4 * units};
  matrix d_gates{steps * batch, 4 * units}, dh{batch, units}, dc{batch, units}, d_wx{inputs, 4 * units},
      d_wh{units, 4 * units}, d_x{steps * batch, inputs};
  Eigen::RowVectorXf d_b{4 * units};

  auto part(matrix& of, int t, int k) { return of.block(t * batch, k * units, batch, units).array(); }
  auto row(matrix& of, int t) { return of.middleRows(t * batch, batch); }

  float forward(Eigen::Map<matrix const> const& xs) {
    gates.noalias() = xs * wx;
    gates.rowwise() += b;
    row(c, 0).setZero();
    row(h, 0).setZero();
    for (int t = 0; t < steps; ++t) {
      row(gates, t).noalias() += row(h, t) * wh;
      part(gates, t, 0) = part(gates, t, 0).logistic();
      part(gates, t, 1) = part(gates, t, 1).tanh();
      part(gates, t, 2) = (part(gates, t, 2) + 1.0f).logistic();
      part(gates, t, 3) = part(gates, t, 3).logistic();
      row(c, t + 1).array() = part(gates, t, 2) * row(c, t).array() + part(gates, t, 0) * part(gates, t, 1);
      row(tanh_c, t).array() = row(c, t + 1).array().tanh();
      row(h, t + 1).array() = part(gates, t, 3) * row(tanh_c, t).array();
    }
    return h.bottomRows(steps * batch).squaredNorm();
  }
  void backward(Eigen::Map<matrix const> const& xs) {
    dh.setZero();
    dc.setZero();
    for (int t = steps - 1; t >= 0; --t) {
      auto const i = part(gates, t, 0), j = part(gates, t, 1), f = part(gates, t, 2), o = part(gates, t, 3);
      auto const tc = row(tanh_c, t).array();
      dh += 2.0f * row(h, t + 1);
      dc.array() += dh.array() * o * (1.0f - tc.square());
      part(d_gates, t, 3) = dh.array() * tc * o * (1.0f - o);
      part(d_gates, t, 0) = dc.array() * j * i * (1.0f - i);
      part(d_gates, t, 1) = dc.array() * i * (1.0f - j.square());
      part(d_gates, t, 2) = dc.array() * row(c, t).array() * f * (1.0f - f);
      dc.array() *= f;
      dh.noalias() = row(d_gates, t) * wh.transpose();
    }
    d_wh.noalias() = h.topRows(steps * batch).transpose() * d_gates;
    d_wx.noalias() = xs.transpose() * d_gates;
    d_b = d_gates.colwise().sum();
    d_x.noalias() = d_gates * wx.transpose();
  }
};

template <bool Gradient>
void eigen(benchmark::State& state) {
  auto const values = sequence();
  Eigen::Map<matrix const> const xs(values.data(), steps * batch, inputs);
  eigen_lstm lstm;
  tf::Session sess;
  sess.set_random_seed(1);
  auto const k = kernel();
  sess.run(k.initializer());
  auto const weights = sess.run(k);
  Eigen::Map<matrix const> const both(weights.data(), inputs + units, 4 * units);
  lstm.wx = both.topRows(inputs);
  lstm.wh = both.bottomRows(units);
  lstm.b = Eigen::RowVectorXf::Zero(4 * units);
  float loss = 0;
  for (auto _ : state) {
    loss = lstm.forward(xs);
    if constexpr (Gradient) lstm.backward(xs);
    benchmark::DoNotOptimize(lstm.d_wh.data());
    benchmark::ClobberMemory();
  }
  state.counters["loss"] = loss;
  if constexpr (Gradient) state.counters["slope"] = lstm.d_wh.norm();
}

template <class... More>
void run(benchmark::State& state, More const&... more) {
  auto const values = sequence();
  auto const [outputs, last] = tf::nn::dynamic_rnn(tf::nn::rnn_cell::BasicLSTMCell<units, "lstm">(), x, tf::time_major);
  auto const loss = tf::reduce_sum(tf::square(outputs));
  tf::Session sess;
  sess.set_random_seed(1);
  sess.run(tf::global_variables_initializer(loss));
  if constexpr (sizeof...(more) == 0) {
    auto const step = sess.make_callable(loss, x);
    for (auto _ : state) benchmark::DoNotOptimize(step(values));
    state.counters["loss"] = step(values);
  } else {
    auto const [dk, db, dx] = tf::gradients(loss, more...);
    auto const step = sess.make_callable(tf::fetch(loss, dk, db, dx), x);
    for (auto _ : state) benchmark::DoNotOptimize(step(values));
    auto const [value, slope, slope_b, slope_x] = step(values);
    double square = 0;
    for (std::size_t i = inputs; i < inputs + units; ++i)
      for (std::size_t k = 0; k < 4 * units; ++k) square += double(slope(i, k)) * double(slope(i, k));
    state.counters["loss"] = value;
    state.counters["slope"] = std::sqrt(square);
  }
}
void forward_tfx(benchmark::State& state) { run(state); }
void gradient_tfx(benchmark::State& state) { run(state, kernel(), bias(), x); }

BENCHMARK(forward_tfx)->Name("forward/tfx");
BENCHMARK(eigen<false>)->Name("forward/eigen");
BENCHMARK(gradient_tfx)->Name("gradient/tfx");
BENCHMARK(eigen<true>)->Name("gradient/eigen");

}  // namespace

BENCHMARK_MAIN();
