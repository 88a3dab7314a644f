// SPDX-License-Identifier: Apache-2.0
// What fit itself costs for each batch, beyond the step: the same steps on the same rows by a callable, and by fit.
#include <benchmark/benchmark.h>
#include <tfx/keras/layers/dense.hpp>
#include <tfx/keras/trainer.hpp>
#include <tfx/tfx.hpp>
#include <xtensor/xtensor.hpp>
namespace tf = tfx;
namespace keras = tfx::keras;

namespace {

constexpr std::size_t rows = 3200, batch_size = 32, columns = 3;
xt::xtensor<float, 2> const x = xt::ones<float>({rows, columns});
xt::xtensor<float, 1> const y = xt::ones<float>({rows});

auto make_model() { return keras::Sequential(keras::Input(tf::shape<columns>), keras::layers::Dense<1>()); }

/// The step and its loss, on batches that lie in memory already.
void steps(benchmark::State& state) {
  auto const model = make_model();
  auto const target = tf::placeholder<"target", float>(tf::shape<keras::batch, 1>);
  auto const loss = tf::reduce_mean(keras::loss<"mse">(target, std::get<0>(model.outputs())));
  auto const train = tf::train::GradientDescentOptimizer(0.01f).minimize(loss);
  auto const step = model.session().make_callable(tf::fetch(loss, train), std::get<0>(model.inputs()), target);
  for (auto _ : state) {
    double sum = 0;
    for (std::size_t i = 0; i < rows; i += batch_size) {
      auto const [value, none] = step(tf::view(x.data() + i * columns, {batch_size, columns}),
                                      tf::view(y.data() + i, {batch_size, std::size_t(1)}));
      sum += double(value) * batch_size;
      static_cast<void>(none);
    }
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(static_cast<tf::i64>(state.iterations() * (rows / batch_size)));
}
/// One epoch of fit in each iteration; `.shuffle` draws an order of rows and gathers them.
void fit(benchmark::State& state, keras::fit_options options) {
  auto trainer = make_model().compile(tf::train::GradientDescentOptimizer(0.01f), keras::loss<"mse">);
  options.batch_size = batch_size;
  for (auto _ : state) {
    auto const history = trainer.fit(x, y, options);
    benchmark::DoNotOptimize(history["loss"].data());
  }
  state.SetItemsProcessed(static_cast<tf::i64>(state.iterations() * (rows / batch_size)));
}

BENCHMARK(steps)->Name("linear_regression_100_batches_of_32/steps");
BENCHMARK_CAPTURE(fit, in_order, keras::fit_options{.verbose = 0, .shuffle = false})
    ->Name("linear_regression_100_batches_of_32/fit_in_order");
BENCHMARK_CAPTURE(fit, shuffled, keras::fit_options{.verbose = 0})
    ->Name("linear_regression_100_batches_of_32/fit_shuffled");

}  // namespace

BENCHMARK_MAIN();
