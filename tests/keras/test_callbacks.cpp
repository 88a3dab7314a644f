// SPDX-License-Identifier: Apache-2.0
#include <keras/fit_test.hpp>
#include <tfx/keras/callbacks/csv_logger.hpp>
#include <tfx/keras/callbacks/early_stopping.hpp>
#include <tfx/keras/callbacks/lambda_callback.hpp>
#include <tfx/keras/callbacks/learning_rate_scheduler.hpp>
#include <tfx/keras/callbacks/reduce_lr_on_plateau.hpp>
#include <tfx/keras/callbacks/terminate_on_nan.hpp>
#include <tfx/keras/optimizers/sgd.hpp>

// Callbacks, each in the training of a small model. What they watch is told by a callback before them.

using namespace fit_test;
using namespace keras::callbacks;
using io_test::folder;
using io_test::message;
using io_test::text_of;
using tf::errors::InvalidArgumentError;

namespace {
auto make_trainer(double rate = 0.1) { return make_model().compile(keras::optimizers::SGD(rate), keras::loss<"mse">); }

/// Tells a value of each epoch.
struct teller : keras::Callback {
  static constexpr bool needs_files = false;
  char const* name;
  numbers values;

  teller(char const* n, numbers v) : name(n), values(std::move(v)) {}
  void on_epoch_end(int epoch, keras::logs const&, keras::training_run& run) override {
    if (std::size_t(epoch) < values.size()) run.tell(name, values[std::size_t(epoch)]);
  }
};
struct telling_much : keras::Callback {
  static constexpr bool needs_files = false;
  bool* stayed;
  explicit telling_much(bool* s) : stayed(s) {}
  void on_epoch_end(int, keras::logs const& all, keras::training_run& run) override {
    double const* const loss = all.find("loss");
    double const before = *loss;
    static constexpr char const* names[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i"};
    for (char const* name : names) run.tell(name, 1);
    run.tell("a", 2);
    *stayed = *stayed && *loss == before && all.find("loss") == loss && !all.find("a");
  }
};
constexpr keras::fit_options quiet(int epochs) { return {.epochs = epochs, .batch_size = 8, .verbose = 0}; }
float rate_of(auto const& trainer) { return trainer.model().session().run(trainer.optimizer().lr()); }
}  // namespace

TEST_CASE("callbacks: they are called in the order of the training, and the values are told") {
  auto trainer = make_trainer();
  std::string seen;
  numbers batches, sizes, losses;
  LambdaCallback all({.on_epoch_begin = [&](int epoch) { seen += "e" + std::to_string(epoch); },
                      .on_epoch_end =
                          [&](int, keras::logs const& l, keras::training_run& run) {
                            seen += "E";
                            CHECK(l.find("loss") != nullptr);
                            CHECK(l.find("none") == nullptr);
                            CHECK(run.samples == 23);
                            CHECK(run.batch_size == 8);
                            CHECK(run.steps == 3);
                            CHECK(run.epochs == 2);
                            CHECK(run.weight_count() == 2);
                            CHECK(run.weight_name(0) == "dense/kernel");
                            CHECK(run.weight_values(0).size() == 3);
                          },
                      .on_batch_begin = [&](i64 batch) { seen += "b" + std::to_string(batch); },
                      .on_batch_end =
                          [&](i64, keras::logs const& l) {
                            seen += "B";
                            batches.push_back(*l.find("batch"));
                            sizes.push_back(*l.find("size"));
                            losses.push_back(*l.find("loss"));
                          },
                      .on_train_begin = [&] { seen += "t"; },
                      .on_train_end = [&](keras::training_run&) { seen += "T"; }});
  auto const history = trainer.fit(inputs(), targets(), quiet(2), all);
  CHECK(seen == "te0b0Bb1Bb2BEe1b0Bb1Bb2BET");
  CHECK(batches == numbers{0, 1, 2, 0, 1, 2});
  CHECK(sizes == numbers{8, 8, 7, 8, 8, 7});
  CHECK((losses[0] * 8 + losses[1] * 8 + losses[2] * 7) / 23 == doctest::Approx(history["loss"][0]));
  LambdaCallback const nothing({});
  auto copy = nothing;
  trainer.fit(inputs(), targets(), quiet(1), copy, LambdaCallback({}));
}

TEST_CASE("callbacks: what one tells, those behind it see, and History") {
  auto trainer = make_trainer();
  int met = 0;
  LambdaCallback before({.on_epoch_end = [&](int, keras::logs const& l) { met += l.find("mine") != nullptr; }});
  LambdaCallback after({.on_epoch_end = [&](int, keras::logs const& l) { met += 10 * (l.find("mine") != nullptr); }});
  auto const history = trainer.fit(inputs(), targets(), quiet(3), before, teller("mine", {1, 2, 3}), after);
  CHECK(met == 30);
  CHECK(history["mine"] == numbers{1, 2, 3});
  // Training that is ended within an epoch evaluates nothing of it.
  LambdaCallback stop({.on_batch_end = [](i64 batch, keras::logs const&, keras::training_run& run) {
    run.stop_training = batch == 1;
  }});
  auto const stopped = trainer.fit(inputs(), targets(), quiet(3), stop, keras::validation(inputs(), targets()));
  CHECK(stopped["loss"].size() == 1);
  CHECK_FALSE(stopped.has("val_loss"));
}

TEST_CASE("callbacks: what one is given stays while it tells more") {
  auto trainer = make_trainer();
  bool stayed = true;
  auto const history = trainer.fit(inputs(), targets(), quiet(2), telling_much(&stayed));
  CHECK(stayed);
  CHECK(history["a"] == numbers{2, 2});
  CHECK(history["i"] == numbers{1, 1});
}

TEST_CASE("early stopping: patience, min_delta, baseline, modes") {
  auto const run = [](early_stopping_options options, numbers const& values) {
    auto trainer = make_trainer();
    options.monitor = options.mode == "auto" ? "val_acc" : "value";
    EarlyStopping stopping(options);
    captured out;
    auto const history = trainer.fit(inputs(), targets(), quiet(static_cast<int>(values.size())),
                                     teller(options.monitor.c_str(), values), stopping);
    return std::pair(history.epoch.size(), out.text());
  };
  numbers const falls{5, 4, 4.5, 4.4, 3, 3.1, 3.2, 3.3, 1};
  CHECK(run({.patience = 3, .mode = "min", .verbose = 1}, falls) ==
        std::pair(std::size_t(8), std::string("Epoch 00008: early stopping\n")));
  CHECK(run({.patience = 2, .mode = "min"}, falls) == std::pair(std::size_t(4), std::string()));
  CHECK(run({.mode = "min"}, falls).first == 3);
  CHECK(run({.patience = 1, .mode = "min"}, falls).first == 3);
  CHECK(run({.min_delta = 1.5, .patience = 2, .mode = "min"}, falls).first == 3);
  CHECK(run({.min_delta = -1.5, .patience = 2, .mode = "min"}, falls).first == 3);
  CHECK(run({.patience = 4, .mode = "max"}, falls).first == 5);
  CHECK(run({.patience = 1}, {0.1, 0.2, 0.3, 0.2, 0.4}).first == 4);  // of an accuracy more is better
  CHECK(run({.patience = 3, .mode = "min", .baseline = 4.2}, falls).first == 8);
  CHECK(run({.patience = 3, .mode = "min", .baseline = 2}, falls).first == 3);
  CHECK(run({.mode = "min", .verbose = 1}, {op_test::not_a_number, 1}) ==
        std::pair(std::size_t(1), std::string("Epoch 00001: early stopping\n")));
  CHECK_THROWS_AS(EarlyStopping({.mode = "less"}), InvalidArgumentError);
}

TEST_CASE("early stopping: the best weights come back; a value that is not there warns once") {
  auto trainer = make_trainer();
  auto const x = inputs();
  auto const y = targets();
  std::vector<line> after;
  LambdaCallback keeps({.on_epoch_end = [&] { after.emplace_back(trainer.model()); }});
  EarlyStopping stopping({.monitor = "value", .patience = 2, .restore_best_weights = true, .verbose = 1});
  captured out;
  trainer.fit(x, y, quiet(9), keeps, teller("value", {3, 2, 2.5, 2.5, 1}), stopping);
  CHECK(out.text() == "Restoring model weights from the end of the best epoch\nEpoch 00004: early stopping\n");
  CHECK(stopping.stopped_epoch() == 3);
  CHECK(after[1].is(trainer.model()));
  CHECK_FALSE(after[3].is(trainer.model()));

  captured warned(stderr);
  CHECK(trainer.fit(x, y, quiet(3), EarlyStopping()).epoch.size() == 3);
  CHECK(warned.text() ==
        "WARNING: Early stopping conditioned on metric `val_loss` which is not available. Available metrics are: "
        "loss\n");
}

TEST_CASE("learning rate: a schedule sets it, of the epoch or of the rate before") {
  auto trainer = make_trainer(0.5);
  auto const x = inputs();
  auto const y = targets();
  line by_hand(trainer.model());
  captured out;
  auto const history = trainer.fit(x, y, {.epochs = 3, .batch_size = 100, .verbose = 0},
                                   LearningRateScheduler([](int epoch) { return 0.1 / (epoch + 1); }, 1));
  CHECK(out.text() ==
        "\nEpoch 00001: LearningRateScheduler setting learning rate to 0.1.\n"
        "\nEpoch 00002: LearningRateScheduler setting learning rate to 0.05.\n"
        "\nEpoch 00003: LearningRateScheduler setting learning rate to 0.03333333333333333.\n");
  CHECK(same(history["lr"], {0.1, 0.05, 0.1 / 3}));
  for (double rate : {0.1, 0.05, 0.1 / 3}) by_hand.epoch(x, y, in_order(0, rows), rows, rate);
  CHECK(by_hand.is(trainer.model()));
  CHECK(same(trainer.fit(x, y, quiet(2), LearningRateScheduler([](int, double rate) { return rate / 2; }))["lr"],
             {0.1 / 6, 0.1 / 12}));
  CHECK(rate_of(trainer) == doctest::Approx(0.1 / 12));
  CHECK_FALSE(trainer.fit(x, y, quiet(1)).has("lr"));

  auto constant = make_model().compile(tf::train::GradientDescentOptimizer(0.1f), keras::loss<"mse">);
  CHECK(message<InvalidArgumentError>([&] {
          constant.fit(x, y, quiet(1), LearningRateScheduler([](int) { return 0.1; }));
        }).find("Optimizer must have a \"lr\" attribute") == 0);
  CHECK_THROWS_AS(trainer.fit(x, y, quiet(1), LearningRateScheduler([](int) { return op_test::not_a_number; })),
                  InvalidArgumentError);
  CHECK(message<InvalidArgumentError>([&] {
          trainer.fit(x, y, quiet(1), LearningRateScheduler([](int) { return -1.0; }));
        }) == "LearningRateScheduler: the schedule gives -1 for epoch 0");
  CHECK_THROWS_AS(constant.fit(x, y, quiet(1), ReduceLROnPlateau()), InvalidArgumentError);
}

TEST_CASE("learning rate: it is made smaller on a plateau, with a cooldown and a least rate") {
  auto const rates = [](reduce_lr_on_plateau_options options, numbers const& values) {
    auto trainer = make_trainer(1);
    options.monitor = "value";
    return trainer.fit(inputs(), targets(), quiet(static_cast<int>(values.size())), teller("value", values),
                       ReduceLROnPlateau(options))["lr"];
  };
  // The rate of an epoch is the one that it was trained with.
  CHECK(same(rates({.factor = 0.5, .patience = 2}, {3, 3, 3, 3, 3, 3}), {1, 1, 1, 0.5, 0.5, 0.25}));
  CHECK(same(rates({.factor = 0.5, .patience = 1, .cooldown = 2}, {3, 3, 3, 3, 3, 3}), {1, 1, 0.5, 0.5, 0.25, 0.25}));
  CHECK(same(rates({.factor = 0.1, .patience = 1, .min_lr = 0.05}, {3, 3, 3, 3, 3}), {1, 1, 0.1, 0.05, 0.05}));
  CHECK(same(rates({.factor = 0.5, .patience = 1, .min_delta = 0.5}, {3, 2.6, 2.4, 2.2}), {1, 1, 0.5, 0.5}));
  CHECK(same(rates({.factor = 0.5, .patience = 1, .mode = "max"}, {3, 4, 5, 5, 6}), {1, 1, 1, 1, 0.5}));
  auto trainer = make_trainer(1);
  captured out;
  trainer.fit(inputs(), targets(), quiet(2), teller("value", {3, 3}),
              ReduceLROnPlateau({.monitor = "value", .patience = 1, .verbose = 1}));
  CHECK(out.text() == "\nEpoch 00002: ReduceLROnPlateau reducing learning rate to 0.1.\n");
  captured warned(stderr);
  trainer.fit(inputs(), targets(), quiet(2), ReduceLROnPlateau());
  CHECK(warned.text() ==
        "WARNING: Reduce LR on plateau conditioned on metric `val_loss` which is not available. Available metrics "
        "are: loss\n");
  CHECK(message<InvalidArgumentError>([] { ReduceLROnPlateau({.factor = 1}); }) ==
        "ReduceLROnPlateau does not support a factor >= 1.0.");
  CHECK_THROWS_AS(ReduceLROnPlateau({.factor = -0.5}), InvalidArgumentError);
}

TEST_CASE("terminate on NaN: at the batch; its epoch is told") {
  auto trainer = make_trainer();
  auto y = targets();
  y(9) = std::numeric_limits<float>::infinity();
  captured out;
  auto const history =
      trainer.fit(inputs(), y, {.epochs = 3, .batch_size = 4, .verbose = 0, .shuffle = false}, TerminateOnNaN());
  CHECK(out.text() == "Batch 2: Invalid loss, terminating training\n");
  CHECK(history["loss"].size() == 1);
}

TEST_CASE("CSV: a line for each epoch, its numbers with all their digits; lines are appended") {
  folder const dir;
  auto trainer = make_trainer();
  auto const x = inputs();
  auto const y = targets();
  std::string const file = dir / "log.csv";
  trainer.fit(x, y, {.epochs = 3, .batch_size = 8, .verbose = 0, .initial_epoch = 1}, teller("a;b", {0.1, 1, 1e-7}),
              teller("loss", {0, 12345678, 0.25}), CSVLogger(file, {.separator = ';'}));
  CHECK(text_of(file) == "epoch;\"a;b\";loss\n1;1.0;12345678.0\n2;1e-07;0.25\n");
  trainer.fit(x, y, quiet(2), teller("loss", {1e300, 1e16}), CSVLogger(file));
  CHECK(text_of(file) == "epoch,loss\n0,1e+300\n1,1e+16\n");
  trainer.fit(x, y, quiet(1), teller("loss", {op_test::not_a_number}), CSVLogger(file, {.append = true}));
  CHECK(text_of(file) == "epoch,loss\n0,1e+300\n1,1e+16\n0,nan\n");
  trainer.fit(x, y, quiet(1), teller("loss", {-0.5}), CSVLogger(dir / "new.csv", {.append = true}));
  CHECK(text_of(dir / "new.csv") == "epoch,loss\n0,-0.5\n");
  // A value that an epoch lacks.
  trainer.fit(x, y, quiet(2), teller("loss", {1, 2}), teller("more", {3}), CSVLogger(file));
  CHECK(text_of(file) == "epoch,loss,more\n0,1.0,3.0\n1,2.0,NA\n");
  CHECK_THROWS_AS(trainer.fit(x, y, quiet(1), CSVLogger(dir / "nowhere/log.csv")), tf::errors::NotFoundError);
}
