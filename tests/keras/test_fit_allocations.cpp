// SPDX-License-Identifier: Apache-2.0
#include <keras/allocations.hpp>
#include <keras/fit_test.hpp>
#include <tfx/keras/layers/dropout.hpp>
#include <tfx/keras/optimizers/adam.hpp>

// Batches ask for no memory: of an epoch only its start and its end do.

using namespace fit_test;

namespace {
/// Counts what is asked for from the start of an epoch's first batch to the end of its last one.
struct counter : keras::Callback {
  static constexpr bool needs_files = false;
  std::vector<long> of_epochs;
  long before = 0, within = 0;

  counter() { of_epochs.reserve(100); }
  void on_batch_begin(i64 batch, keras::training_run&) override {
    if (batch == 0) before = allocations;
  }
  void on_batch_end(i64, keras::logs const&, keras::training_run&) override { within = allocations - before; }
  void on_epoch_end(int, keras::logs const&, keras::training_run&) override { of_epochs.push_back(within); }
};
}  // namespace

TEST_CASE("fit allocations: none in the batches of an epoch beyond the first, with weights and without") {
  auto const model =
      keras::Sequential(keras::Input(tf::shape<3>), layers::Dense<16>(), layers::Dropout(0.5), layers::Dense<1>());
  auto trainer = model.compile(keras::optimizers::Adam(0.01), keras::loss<"mse">, keras::metrics<"mae">);
  auto const x = inputs(101);
  auto const y = targets(101);
  numbers const weights(101, 0.5);
  xt::xtensor<double, 2> const doubles = x;
  long const before = allocations;
  CHECK(numbers(10).size() == 10);
  CHECK(allocations > before);  // they are counted
  counter plain, weighted, converted;
  trainer.fit(x, y, {.epochs = 4, .batch_size = 8, .verbose = 0}, plain);
  trainer.fit(x, y, {.epochs = 4, .batch_size = 8, .verbose = 0}, weighted, keras::sample_weight = weights,
              keras::validation(x, y));
  trainer.fit(doubles, y, {.epochs = 4, .batch_size = 8, .verbose = 2, .validation_split = 0.3}, converted);
  for (counter const* c : {&plain, &weighted, &converted}) {
    REQUIRE(c->of_epochs.size() == 4);
    for (std::size_t epoch = 1; epoch < 4; ++epoch) CHECK(c->of_epochs[epoch] == 0);
  }
  counter in_range;
  std::vector<std::pair<xt::xtensor<float, 2>, xt::xtensor<float, 1>>> const batches(5, {inputs(8), targets(8)});
  trainer.fit_generator(batches, {.epochs = 4, .verbose = 0}, in_range);
  for (std::size_t epoch = 1; epoch < 4; ++epoch) CHECK(in_range.of_epochs[epoch] == 0);
}
