// SPDX-License-Identifier: Apache-2.0
#include <keras/fit_test.hpp>
#include <utility>

// What training prints, where it does not stand on a terminal.

using namespace fit_test;

namespace {
/// The losses are told by the trainer's history.
std::string four(double v) {
  char text[32];
  std::snprintf(text, sizeof text, std::abs(v) > 1e-3 ? "%.4f" : "%.4e", v);
  return text;
}
template <class Run>
std::pair<std::string, keras::History> shown(Run run) {
  captured out;
  auto history = run();
  return {without_times(out.text()), history};
}
std::string const bar = "[==============================]";
}  // namespace

TEST_CASE("fit shows: bars, lines for epochs, or nothing") {
  auto trainer =
      make_model().compile(tf::train::GradientDescentOptimizer(0.1f), keras::loss<"mse">, keras::metrics<"mae">);
  auto const x = inputs();
  auto const y = targets();
  auto const [one, h1] = shown([&] { return trainer.fit(x, y, {.epochs = 2, .batch_size = 5}); });
  std::string expected;
  for (std::size_t i = 0; i < 2; ++i)
    expected += "Epoch " + std::to_string(i + 1) + "/2\n23/23 " + bar + " - T T/step - loss: " + four(h1["loss"][i]) +
                " - mae: " + four(h1["mae"][i]) + "\n";
  CHECK(one == expected);

  auto const [two, h2] = shown([&] {
    return trainer.fit(x, y, {.epochs = 3, .batch_size = 5, .verbose = 2, .validation_split = 0.5, .initial_epoch = 1});
  });
  expected = "Train on 11 samples, validate on 12 samples\n";
  for (std::size_t i = 0; i < 2; ++i)
    expected += "Epoch " + std::to_string(i + 2) + "/3\n - T - loss: " + four(h2["loss"][i]) +
                " - mae: " + four(h2["mae"][i]) + " - val_loss: " + four(h2["val_loss"][i]) +
                " - val_mae: " + four(h2["val_mae"][i]) + "\n";
  CHECK(two == expected);

  CHECK(shown([&] { return trainer.fit(x, y, {.verbose = 0}); }).first.empty());
  captured evaluated;
  trainer.evaluate(x, y);
  CHECK(without_times(evaluated.text()) == "23/23 " + bar + " - T T/step\n");
  captured quiet;
  trainer.evaluate(x, y, {.verbose = 0});
  trainer.model().predict(x);
  CHECK(quiet.text().empty());
}

TEST_CASE("fit shows: batches of a range are counted, and where their number is not known there is no bar") {
  auto trainer = make_model().compile(tf::train::GradientDescentOptimizer(0.1f), keras::loss<"mse">);
  std::vector<std::pair<xt::xtensor<float, 2>, xt::xtensor<float, 1>>> const batches(3, {inputs(4), targets(4)});
  auto const [known, h1] = shown([&] { return trainer.fit_generator(batches); });
  CHECK(known == "Epoch 1/1\n3/3 " + bar + " - T T/step - loss: " + four(h1["loss"][0]) + "\n");
  struct {
    decltype(batches) const& of;
    auto begin() const { return of.begin(); }
    auto end() const { return of.end(); }
  } const unknown{batches};
  auto const [text, h2] = shown([&] { return trainer.fit_generator(unknown); });
  CHECK(text == "Epoch 1/1\n      3/Unknown - T T/step - loss: " + four(h2["loss"][0]) + "\n");
}
