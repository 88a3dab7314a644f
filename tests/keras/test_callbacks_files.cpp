// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <keras/fit_test.hpp>
#include <tfx/keras/callbacks/model_checkpoint.hpp>
#include <tfx/keras/callbacks/tensor_board.hpp>
#include <tfx/keras/optimizers/adam.hpp>
#include <tfx/summary/summary_iterator.hpp>

// Callbacks that write models and event files.

using namespace fit_test;
using namespace keras::callbacks;
using io_test::folder;
using io_test::message;
using tf::errors::InvalidArgumentError;
namespace fs = std::filesystem;

namespace {
auto make_trainer() { return make_model().compile(keras::optimizers::Adam(0.1), keras::loss<"mse">); }
struct teller : keras::Callback {
  numbers values;

  explicit teller(numbers v) : values(std::move(v)) {}
  void on_epoch_end(int epoch, keras::logs const&, keras::training_run& run) override {
    run.tell("value", values[std::size_t(epoch)]);
  }
};
constexpr keras::fit_options quiet(int epochs) { return {.epochs = epochs, .batch_size = 8, .verbose = 0}; }
std::vector<std::string> names_in(folder const& dir) {
  std::vector<std::string> names;
  for (auto const& entry : fs::directory_iterator(dir.path)) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}
using names = std::vector<std::string>;
/// Names of the nodes that a serialised GraphDef reads but does not hold, and how many it holds.
std::pair<names, std::size_t> dangling(std::string const& graph) {
  namespace detail = tf::io::detail;
  names held, read;
  for (tf::io::cursor in(graph, "graph"); !in.done();) {
    auto const field = detail::next_field(in);
    if (field.number != 1) continue;
    for (tf::io::cursor node(field.text, "node"); !node.done();) {
      auto const f = detail::next_field(node);
      if (f.number == 1) held.emplace_back(f.text);
      if (f.number != 3) continue;
      std::string input(f.text);
      if (input[0] == '^') input.erase(0, 1);
      read.push_back(input.substr(0, input.find(':')));
    }
  }
  names lost;
  for (std::string const& r : read)
    if (std::find(held.begin(), held.end(), r) == held.end()) lost.push_back(r);
  return {lost, held.size()};
}
}  // namespace

TEST_CASE("checkpoint: paths tell epochs and values") {
  std::vector<keras::log_entry> const values{{"val_loss", 0.12345}, {"acc", 12.5}};
  auto const path = [&](char const* text) { return detail::format_path(text, 7, keras::logs(values)); };
  CHECK(path("plain") == "plain");
  CHECK(path("w.{epoch:02d}-{val_loss:.2f}.npz") == "w.07-0.12.npz");
  CHECK(path("{epoch}{{x}}{epoch:4}{epoch:d}") == "7{x}   77");
  CHECK(path("{val_loss}|{acc:8.3f}|{acc:.1e}|{acc:g}|{epoch:.1f}") == "0.12345|  12.500|1.2e+01|12.5|7.0");
  for (char const* wrong :
       {"{loss}", "{epoch", "{epoch:s}", "{acc:d}", "{acc:.}", "{acc:%n}", "{epoch:.2d}", "{}", "{acc:99999999f}"}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(path(wrong), InvalidArgumentError);
  }
}

TEST_CASE("checkpoint: of each epoch, of every second, of the best; with Keras' words") {
  folder const dir;
  auto trainer = make_trainer();
  auto const x = inputs();
  auto const y = targets();
  trainer.fit(x, y, quiet(3), ModelCheckpoint(dir / "e{epoch}.npz"),
              ModelCheckpoint(dir / "p{epoch}.npz", {.period = 2}));
  CHECK(names_in(dir) == names{"checkpoint", "e1.npz", "e2.npz", "e3.npz", "p2.npz"});

  captured out;
  trainer.fit(x, y, quiet(3), teller({3, 4, 2}),
              ModelCheckpoint(dir / "best.npz", {.monitor = "value", .save_best_only = true, .verbose = 1}),
              ModelCheckpoint(dir / "all.npz", {.verbose = 1}));
  std::string const best = dir / "best.npz", all = dir / "all.npz";
  CHECK(out.text() == "\nEpoch 00001: value improved from inf to 3.00000, saving model to " + best +
                          "\n\nEpoch 00001: saving model to " + all +
                          "\n\nEpoch 00002: value did not improve from 3.00000\n\nEpoch 00002: saving model to " + all +
                          "\n\nEpoch 00003: value improved from 3.00000 to 2.00000, saving model to " + best +
                          "\n\nEpoch 00003: saving model to " + all + "\n");
  captured warned(stderr);
  trainer.fit(x, y, quiet(2), ModelCheckpoint(dir / "never", {.save_best_only = true}));
  CHECK(warned.text() ==
        "WARNING: Can save best model only with val_loss available, skipping. Available metrics are: loss\n");
  CHECK_FALSE(fs::exists(dir / "never.index"));
  CHECK_THROWS_AS(ModelCheckpoint("w", {.period = 0}), InvalidArgumentError);
  CHECK_THROWS_AS(ModelCheckpoint("w", {.mode = "best"}), InvalidArgumentError);
  CHECK_THROWS_AS(trainer.fit(x, y, quiet(1), ModelCheckpoint(dir / "nowhere/w")), tf::errors::NotFoundError);
  CHECK_THROWS_AS(trainer.fit(x, y, quiet(1), ModelCheckpoint(dir / "{val_loss}")), InvalidArgumentError);
}

TEST_CASE("checkpoint: training goes on from it to the same numbers; weights alone are less") {
  folder const dir;
  auto const x = inputs();
  auto const y = targets();
  auto first = make_trainer();
  auto model = first.model();
  auto const begun = model.get_weights();
  auto const unbroken = first.fit(x, y, quiet(4), ModelCheckpoint(dir / "{epoch}"),
                                  ModelCheckpoint(dir / "only{epoch}", {.save_weights_only = true}));
  keras::fit_options rest = quiet(4);
  rest.initial_epoch = 2;
  auto second = make_trainer();
  second.load(dir / "2");
  auto const resumed = second.fit(x, y, rest);
  CHECK(resumed["loss"] == numbers{unbroken["loss"][2], unbroken["loss"][3]});  // to the bit
  CHECK(line(first.model()).is(second.model()));

  auto third = make_trainer();
  auto weights_of_third = third.model();
  weights_of_third.load_weights(dir / "only2");
  auto const forgot = third.fit(x, y, rest);
  CHECK(forgot["loss"][0] == doctest::Approx(unbroken["loss"][2]).epsilon(0.5));
  CHECK(forgot["loss"][1] != unbroken["loss"][3]);  // Adam's moments are lost
  weights_of_third.load_weights(dir / "2");         // a whole checkpoint holds the weights too
  CHECK_THROWS_AS(third.load(dir / "only2"), tf::errors::NotFoundError);
}

TEST_CASE("TensorBoard: values, weights and the graph") {
  folder const dir;
  auto trainer = make_trainer();
  auto const x = inputs();
  auto const y = targets();
  auto const history =
      trainer.fit(x, y, quiet(3), TensorBoard(dir / "a/logs", {.histogram_freq = 2}), keras::validation(x, y));
  auto const events = [](std::string const& folder) {
    std::vector<tf::summary::event> all;
    for (auto const& entry : fs::directory_iterator(folder))
      for (auto const& e : tf::train::summary_iterator(entry.path().string())) all.push_back(e);
    return all;
  };
  std::string graph;
  std::string seen;
  for (auto const& e : events(dir / "a/logs")) {
    if (!e.graph_def.empty()) graph = e.graph_def;
    for (auto const& v : e.summary.value) {
      seen += v.tag + "@" + std::to_string(e.step) + " ";
      if (v.tag == "loss" || v.tag == "val_loss")
        CHECK(double(v.simple_value) == doctest::Approx(history[v.tag][std::size_t(e.step)]));
      if (v.tag == "dense/kernel_0") CHECK(v.histo.num == 3);
    }
  }
  CHECK(seen ==
        "loss@0 val_loss@0 dense/kernel_0@0 dense/bias_0@0 loss@1 val_loss@1 loss@2 val_loss@2 dense/kernel_0@2 "
        "dense/bias_0@2 ");
  auto const [lost, nodes] = dangling(graph);
  CHECK(lost.empty());
  CHECK(nodes > 5);

  trainer.fit(x, y, quiet(1), TensorBoard(dir / "b", {.write_graph = false, .update_freq = "batch"}));
  trainer.fit(x, y, quiet(1), TensorBoard(dir / "c", {.write_graph = false, .update_freq = 10}));
  auto const steps = [&](char const* folder) {
    std::string all;
    for (auto const& e : events(dir / folder)) {
      CHECK(e.graph_def.empty());
      for (auto const& v : e.summary.value) all += v.tag + "@" + std::to_string(e.step) + " ";
    }
    return all;
  };
  CHECK(steps("b") == "loss@8 loss@16 loss@23 loss@23 ");
  CHECK(steps("c") == "loss@16 loss@23 ");
  CHECK_THROWS_AS(TensorBoard("logs", {.update_freq = "never"}), InvalidArgumentError);
  CHECK_THROWS_AS(TensorBoard("logs", {.update_freq = 0}), InvalidArgumentError);
  CHECK_THROWS_AS(TensorBoard("logs", {.histogram_freq = -1}), InvalidArgumentError);

  // Weights that are not finite do not end training.
  auto y_nan = y;
  y_nan(0) = std::numeric_limits<float>::quiet_NaN();
  trainer.fit(x, y_nan, quiet(1), TensorBoard(dir / "d", {.histogram_freq = 1}));
}
