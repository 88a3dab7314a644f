// SPDX-License-Identifier: Apache-2.0
// Tells three species of iris apart by an estimator, 4-10-10-3. --help tells how to save, resume and log.
#include <cstdio>
#include <filesystem>
#include <optional>
#include <tfx/data/csv.hpp>
#include <tfx/data/progress.hpp>
#include <tfx/estimator.hpp>
#include <tfx/tfx.hpp>
#include "iris.hpp"
#include "options.hpp"
namespace tf = tfx;

namespace {
/// Flowers of known species.
struct flowers {
  xt::xtensor<float, 2> sizes;
  xt::xtensor<tf::i64, 1> species;

  explicit flowers(std::size_t count = 0) : sizes({count, 4}), species(std::array<std::size_t, 1>{count}) {}
  std::size_t size() const { return species.size(); }
};
flowers fishers() {
  flowers all(iris_count);
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t k = 0; k < 4; ++k) all.sizes(i, k) = irises[i][k];
    all.species(i) = static_cast<tf::i64>(irises[i][4]);
  }
  return all;
}
flowers read(std::string const& path) {
  auto const table = tf::data::read_csv(path);
  flowers all(static_cast<std::size_t>(table.size()));
  all.sizes = table.columns<float>({"sepal_length", "sepal_width", "petal_length", "petal_width"});
  auto const names = table.column<std::string>("species");
  for (std::size_t i = 0; i < all.size(); ++i) {
    all.species(i) = 0;
    while (all.species(i) < 3 && names(i) != iris_species[all.species(i)]) ++all.species(i);
    if (all.species(i) == 3) tf::raise<tf::errors::InvalidArgumentError>("no such species: %s", names(i).c_str());
  }
  return all;
}
/// Every fifth flower is kept to test with.
flowers part_of(flowers const& all, bool test) {
  flowers part;
  std::size_t const fifth = (all.size() + 4) / 5;
  part = flowers(test ? fifth : all.size() - fifth);
  for (std::size_t i = 0, to = 0; i < all.size(); ++i) {
    if ((i % 5 == 0) != test) continue;
    for (std::size_t k = 0; k < 4; ++k) part.sizes(to, k) = all.sizes(i, k);
    part.species(to++) = all.species(i);
  }
  return part;
}

// A map of petals: 0.5 to 7.5 cm long from left to right, 0 to 2.8 cm wide from below. Species are shades.
constexpr int side = 28;
constexpr float shades[] = {0.2f, 0.5f, 0.9f};
float length_at(int column) { return 0.5f + 0.25f * (static_cast<float>(column) + 0.5f); }
float width_at(int row) { return 0.1f * (static_cast<float>(side - row) - 0.5f); }
/// Where the flowers are.
std::vector<float> map_of(flowers const& all) {
  std::vector<float> pixels(side * side);
  for (std::size_t i = 0; i < all.size(); ++i) {
    int const column = static_cast<int>((all.sizes(i, 2) - 0.5f) / 0.25f);
    int const row = side - 1 - static_cast<int>(all.sizes(i, 3) / 0.1f);
    if (column >= 0 && column < side && row >= 0 && row < side)
      pixels[static_cast<std::size_t>(row * side + column)] = shades[all.species(i)];
  }
  return pixels;
}
}  // namespace

int main(int argc, char** argv) try {
  options const o = read_options(argc, argv,
                                 {"iris", 1000,
                                  "FILE      a CSV file: sepal_length,sepal_width,petal_length,petal_width,species; "
                                  "without it, Fisher's 150 flowers"});
  flowers const all = o.data.empty() ? fishers() : read(o.data);
  flowers const train = part_of(all, false), test = part_of(all, true);

  // What is in the folder of its checkpoints it goes on from; without such a folder they are in a temporary one.
  std::string const model_dir = o.checkpoint.empty() ? "" : tf::io::folder_of(o.checkpoint);
  tf::estimator::DNNClassifier classifier(tf::hidden_units<10, 10>, tf::n_classes<3>, tf::feature_columns<4>,
                                          tf::train::AdagradOptimizer(0.1f),
                                          {.model_dir = model_dir, .tf_random_seed = 1, .save_checkpoints_steps = 100});
  using tf::estimator::inputs::numpy_input_fn;
  auto const train_input =
      numpy_input_fn(train.sizes, train.species, {.batch_size = 32, .num_epochs = 0, .shuffle = true});
  auto const test_input = numpy_input_fn(test.sizes, test.species, {});

  // The estimator logs into its own folder every 100 steps; this is a finer curve.
  auto const number = tf::placeholder<"number", float>(tf::shape<>);
  auto const summary = tf::summary::scalar<"loss">(number);
  tf::Session sess;
  std::optional<tf::summary::FileWriter> log;
  if (!o.logs.empty()) log.emplace(o.logs);

  tf::data::progress bar(o.steps);
  classifier.train(train_input, {.max_steps = o.steps}, [&](tf::i64 step, double loss) {
    bar.update(step, loss);
    if (log && step % 10 == 0) log->add_summary(sess.run(summary, number = static_cast<float>(loss)), step);
  });
  auto const found = classifier.evaluate(test_input);
  std::printf("test accuracy %.4f, loss of a flower %.4f\n", found["accuracy"], found["average_loss"]);

  auto const p = classifier.predict(test_input);
  for (std::size_t i = 0; i < test.size(); ++i) {
    auto const guess = static_cast<std::size_t>(p.get<"class_ids">()(i, 0));
    if (static_cast<tf::i64>(guess) != test.species(i))
      std::printf("%s, taken for %s at %.0f %%\n", iris_species[test.species(i)], iris_species[guess],
                  100 * static_cast<double>(p.get<"probabilities">()(i, guess)));
  }

  // What it would take petals of every size for, on a flower with sepals as they mostly are.
  xt::xtensor<float, 2> grid({side * side, 4});
  for (std::size_t i = 0; i < side * side; ++i) {
    grid(i, 0) = 5.8f;
    grid(i, 1) = 3.0f;
    grid(i, 2) = length_at(static_cast<int>(i) % side);
    grid(i, 3) = width_at(static_cast<int>(i) / side);
  }
  auto const guesses = classifier.predict(numpy_input_fn(grid, {})).get<"class_ids">();
  std::vector<float> regions(side * side);
  for (std::size_t i = 0; i < regions.size(); ++i) regions[i] = shades[guesses(i, 0)];
  std::vector<float> const points = map_of(all);
  tf::data::show_pictures({{points.data(), "petals: length to the right"}, {regions.data(), "what is taken for what"}});
  if (o.checkpoint.empty()) std::filesystem::remove_all(classifier.model_dir());
} catch (tf::errors::Error const& error) {
  std::fprintf(stderr, "iris: %s\n", error.what());
  return 2;
}
