// SPDX-License-Identifier: Apache-2.0
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>
#include <estimator/models.hpp>
#include <limits>

using namespace estimator_test;
using tf::estimator::Estimator;
using tf::estimator::inputs::numpy_input_fn;

namespace {

/// A network whose steps draw random numbers, with an optimizer that keeps some.
auto const noisy_model = [](auto features, auto labels, auto mode) {
  auto const w1 = tf::get_variable<"w1">(tf::shape<2, 5>);
  auto const w2 = tf::get_variable<"w2">(tf::shape<5, 1>);
  auto const hidden = tf::tanh(tf::matmul(features, w1));
  if constexpr (mode == tf::estimator::ModeKeys::PREDICT) {
    return tf::estimator::predictions(tf::estimator::prediction<"value">(tf::matmul(hidden, w2)),
                                      tf::estimator::prediction<"hidden">(hidden));
  } else {
    auto const y = tf::matmul(tf::nn::dropout<"drop">(hidden, 0.8f), w2);
    auto const loss = tf::reduce_mean(tf::square(tf::squeeze(y, tf::axis<1>) - labels));
    return tf::estimator::EstimatorSpec(loss, tf::train::AdamOptimizer(0.01f),
                                        tf::summary::scalar<"largest">(tf::reduce_max(w1)));
  }
};
using runtime = tf::errors::InvalidArgumentError;

}  // namespace

TEST_CASE("estimator: steps in two halves are steps in one, bit for bit") {
  plane const data(50);
  auto const input = numpy_input_fn(data.xs, data.ys, {.batch_size = 8, .num_epochs = 0, .shuffle = true});
  folder const dir;
  auto const trained = [&](char const* name, std::vector<i64> const& parts, i64 seed) {
    for (i64 const steps : parts)
      Estimator(noisy_model, {.model_dir = dir / name, .tf_random_seed = seed}).train(input, {.steps = steps});
    return text_of(dir / (name + std::string("/model.ckpt-40.data-00000-of-00001")));
  };
  std::string const whole = trained("whole", {40}, 7);
  CHECK(trained("halves", {17, 23}, 7) == whole);
  CHECK(trained("steps", std::vector<i64>(40, 1), 7) == whole);
  CHECK(trained("other", {40}, 8) != whole);

  // Summaries are logged with the loss.
  auto const events = events_of(dir / "whole");
  CHECK(steps_of(events, "largest") == std::vector<i64>{1});
  CHECK(steps_of(events, "loss") == std::vector<i64>{1});

  // Named predictions, of the newest checkpoint.
  Estimator const model(noisy_model, {.model_dir = dir / "whole"});
  auto const predicted = model.predict(numpy_input_fn(data.xs, {.batch_size = 20}));
  REQUIRE(predicted.get<"value">().shape()[0] == 50);
  REQUIRE(predicted.get<"hidden">().shape()[1] == 5);
  auto const w2 = model.get_variable_value("w2");
  auto const& [value, hidden] = predicted;
  for (std::size_t i = 0; i < 50; ++i) {
    double sum = 0;
    for (std::size_t k = 0; k < 5; ++k) sum += static_cast<double>(hidden(i, k)) * static_cast<double>(w2(k, 0));
    CHECK(static_cast<double>(value(i, 0)) == doctest::Approx(sum).epsilon(1e-4));
  }
}

TEST_CASE("estimator: trains a plane, evaluates it as a computation by hand does, predicts rows in their order") {
  plane const data(100);
  folder const dir;
  Estimator model(plane_model(0.3f), {.model_dir = dir / "plane"});
  std::vector<i64> steps;
  model.train(numpy_input_fn(data.xs, data.ys, {.batch_size = 30, .num_epochs = 3}), {}, [&](i64 step, double loss) {
    steps.push_back(step);
    CHECK(loss > 0);
  });
  CHECK(steps == std::vector<i64>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});  // the input ends after 3 times 4 batches
  CHECK(checkpoints_in(dir / "plane") == std::vector<i64>{0, 12});

  auto const input = numpy_input_fn(data.xs, data.ys, {.batch_size = 30});
  auto const w = model.get_variable_value<float, 2>("w");
  auto const b = static_cast<double>(model.get_variable_value<float, 0>("b"));
  CHECK(model.get_variable_value<i64, 0>("global_step") == 12);
  CHECK(model.get_variable_names() == std::vector<std::string>{"b", "global_step", "w"});
  std::vector<double> y(100);
  double absolute = 0, losses = 0;
  for (std::size_t begin = 0; begin < 100; begin += 30) {
    std::size_t const end = std::min<std::size_t>(begin + 30, 100);
    double loss = 0;
    for (std::size_t i = begin; i < end; ++i) {
      y[i] = static_cast<double>(data.xs(i, 0)) * static_cast<double>(w(0, 0)) +
             static_cast<double>(data.xs(i, 1)) * static_cast<double>(w(1, 0)) + b;
      double const difference = y[i] - static_cast<double>(data.ys(i));
      absolute += std::abs(difference);
      loss += difference * difference;
    }
    losses += loss / static_cast<double>(end - begin);
  }
  auto const found = model.evaluate(input);
  CHECK(found["mean_absolute_error"] == doctest::Approx(absolute / 100).epsilon(1e-5));
  CHECK(found["error"] == doctest::Approx(absolute / 100).epsilon(1e-5));
  CHECK(found["loss"] == doctest::Approx(losses / 4).epsilon(1e-5));  // the mean of the batches' losses
  CHECK(found["global_step"] == 12);
  CHECK(found.size() == 4);
  CHECK(message<tf::errors::NotFoundError>([&] { found["accuracy"]; }) ==
        "evaluate: no metric 'accuracy' among error, global_step, loss, mean_absolute_error");

  auto const predicted = model.predict(input);
  REQUIRE(predicted.size() == 100);
  for (std::size_t i = 0; i < 100; ++i) CHECK(static_cast<double>(predicted(i)) == doctest::Approx(y[i]).epsilon(1e-5));

  // Some batches only.
  double first = 0;
  for (std::size_t i = 0; i < 60; ++i) first += std::abs(y[i] - static_cast<double>(data.ys(i)));
  auto const some = model.evaluate(input, {.steps = 2, .name = "some"});
  CHECK(some["error"] == doctest::Approx(first / 60).epsilon(1e-5));
  // An older checkpoint: a plane of zeros.
  auto const older = model.evaluate(input, {.name = "older", .checkpoint_path = dir / "plane/model.ckpt-0"});
  CHECK(older["global_step"] == 0);
  CHECK(model.predict(input, {.checkpoint_path = dir / "plane/model.ckpt-0"})(7) == 0);
  // Each evaluation is in the events of its name.
  auto const events = events_of(model.eval_dir());
  CHECK(steps_of(events, "loss") == std::vector<i64>{12});
  CHECK(static_cast<double>(events_of(model.eval_dir("some"))[0].value) ==
        doctest::Approx(some["error"]).epsilon(1e-5));
  CHECK(steps_of(events_of(dir / "plane/eval_older"), "mean_absolute_error") == std::vector<i64>{0});
}

TEST_CASE("estimator: without a checkpoint a model is evaluated and predicts as it begins") {
  plane const data(10);
  folder const dir;
  Estimator const model(plane_model(0.1f), {.model_dir = dir / "new"});
  auto const input = numpy_input_fn(data.xs, data.ys, {});
  CHECK(model.evaluate(input)["global_step"] == 0);
  CHECK(model.predict(input)(3) == 0);
  CHECK(message<tf::errors::NotFoundError>([&] { model.get_variable_names(); }) ==
        "Couldn't find trained model at " + model.model_dir() + ".");
}

TEST_CASE("estimator: checkpoints and events come as the configuration says, and those of earlier programs count") {
  plane const data(40);
  auto const input = numpy_input_fn(data.xs, data.ys, {.batch_size = 10, .num_epochs = 0});
  folder const dir;
  std::string const path = dir / "m";
  tf::estimator::RunConfig const config{.model_dir = path,
                                        .save_summary_steps = 4,
                                        .save_checkpoints_steps = 5,
                                        .keep_checkpoint_max = 3,
                                        .log_step_count_steps = 6};
  Estimator(plane_model(0.1f), config).train(input, {.steps = 12});
  CHECK(checkpoints_in(path) == std::vector<i64>{5, 10, 12});
  auto events = events_of(path);
  CHECK(steps_of(events, "loss") == std::vector<i64>{1, 5, 9});
  CHECK(steps_of(events, "global_step/sec") == std::vector<i64>{6, 12});

  Estimator(plane_model(0.1f), config).train(input, {.max_steps = 18});
  CHECK(checkpoints_in(path) == std::vector<i64>{12, 17, 18});
  CHECK(tf::train::latest_checkpoint(path) == path + "/model.ckpt-18");
  Estimator(plane_model(0.1f), config).train(input, {.max_steps = 18});  // nothing is left to do
  CHECK(checkpoints_in(path) == std::vector<i64>{12, 17, 18});
  CHECK(steps_of(events_of(path), "loss") == std::vector<i64>{1, 5, 9, 13, 17});
}

TEST_CASE("estimator: what it refuses") {
  plane data(20);
  auto const input = numpy_input_fn(data.xs, data.ys, {.batch_size = 5, .num_epochs = 0});
  folder const dir;
  tf::estimator::RunConfig const config{.model_dir = dir / "m"};
  Estimator model(plane_model(0.1f), config);
  CHECK(message<runtime>([&] { model.train(input, {.steps = 0}); }) == "Must specify steps > 0, given: 0");
  CHECK(message<runtime>([&] { model.train(input, {.max_steps = -3}); }) == "Must specify max_steps > 0, given: -3");
  CHECK(message<runtime>([&] { model.train(input, {.steps = 1, .max_steps = 3}); }) ==
        "Can not provide both steps and max_steps.");
  CHECK(message<runtime>([&] { model.evaluate(input, {.steps = -1}); }) == "Must specify steps > 0, given: -1");
  CHECK(message<runtime>([&] {
          Estimator(plane_model(0.1f), {.save_checkpoints_steps = 1, .save_checkpoints_secs = 1});
        }) == "Can not provide both save_checkpoints_steps and save_checkpoints_secs.");
  CHECK(!std::filesystem::exists(dir.path / "m"));

  model.train(input, {.steps = 3});
  data.ys(7) = std::numeric_limits<float>::quiet_NaN();
  CHECK(message<tf::errors::NanLossDuringTrainingError>([&] { model.train(input, {.steps = 30}); }) ==
        "NaN loss during training.");
  CHECK(checkpoints_in(dir / "m") == std::vector<i64>{0, 3});

  // The folder of another model, whose variables are not there, or of other shapes.
  Estimator other(noisy_model, config);
  CHECK(message<tf::errors::NotFoundError>([&] {
          other.train(input, {.steps = 1});
        }).find("Key w1 not found in checkpoint " + (dir / "m/model.ckpt-3")) != std::string::npos);
  CHECK(message<tf::errors::NotFoundError>([&] { other.predict(input); }).find(" not found in checkpoint") !=
        std::string::npos);
  CHECK(message<tf::errors::NotFoundError>([&] {
          model.predict(input, {.checkpoint_path = dir / "none"});
        }).find("not a valid checkpoint: ") != std::string::npos);
}

TEST_CASE("estimator: an operation that trains, several features, and a function that makes batches") {
  plane const data(30);
  std::vector<float> const a(30, 2.0f);
  xt::xtensor<float, 2> const& xs = data.xs;
  auto const model_fn = [](auto counted) {
    return [](auto features, auto labels, auto mode) {
      auto [x, scale] = features;
      auto const w = tf::get_variable<"w">(tf::shape<2, 1>, tf::zeros_initializer());
      auto const y = tf::squeeze(tf::matmul(x, w), tf::axis<1>) * scale;
      if constexpr (mode == tf::estimator::ModeKeys::PREDICT) {
        return tf::estimator::predictions(y, tf::expand_dims(y, tf::axis<1>));
      } else {
        auto const loss = tf::reduce_mean(tf::square(y - labels));
        tf::train::GradientDescentOptimizer const descent(0.1f);
        if constexpr (decltype(counted)::value) {
          auto const steps = tf::train::get_or_create_global_step();
          return tf::estimator::EstimatorSpec(loss, descent.minimize(loss, tf::global_step = steps));
        } else {
          return tf::estimator::EstimatorSpec(loss, descent.minimize(loss));
        }
      }
    };
  };
  folder const dir;
  Estimator model(model_fn(std::true_type{}), {.model_dir = dir / "m"});
  auto const input = [&] { return tf::data::Dataset::from_tensor_slices(xs, a, data.ys).batch(20); };
  model.train(input).train(input);
  CHECK(model.evaluate(input)["global_step"] == 4);
  auto const [y, column] = model.predict(numpy_input_fn(std::tie(xs, a), {.batch_size = 7}));
  REQUIRE(y.size() == 30);
  CHECK(column.shape()[1] == 1);
  CHECK(column(29, 0) == y(29));

  Estimator endless(model_fn(std::false_type{}), {.model_dir = dir / "n"});
  CHECK(message<tf::errors::FailedPreconditionError>([&] {
          endless.train(input);
        }).find("did not add 1 to global_step, which is 0") != std::string::npos);
}

TEST_CASE("estimator: train_and_evaluate evaluates what was trained, and once more where all is done") {
  plane const data(40);
  folder const dir;
  auto const train_input = numpy_input_fn(data.xs, data.ys, {.batch_size = 10, .num_epochs = 0, .shuffle = true});
  auto const eval_input = numpy_input_fn(data.xs, data.ys, {});
  Estimator model(plane_model(0.3f), {.model_dir = dir / "m", .save_checkpoints_steps = 4});
  using tf::estimator::EvalSpec, tf::estimator::TrainSpec;
  auto const found = tf::estimator::train_and_evaluate(model, TrainSpec(train_input, {.max_steps = 10}),
                                                       EvalSpec(eval_input, {.throttle_secs = 0}));
  CHECK(found["global_step"] == 10);
  CHECK(steps_of(events_of(model.eval_dir()), "loss") == std::vector<i64>{4, 8, 10});
  auto const again = tf::estimator::train_and_evaluate(model, TrainSpec(train_input, {.max_steps = 10}),
                                                       EvalSpec(eval_input, {.steps = 0, .name = "again"}));
  CHECK(again["loss"] == found["loss"]);
  CHECK(steps_of(events_of(model.eval_dir("again")), "loss") == std::vector<i64>{10});
  CHECK(message<runtime>([&] { TrainSpec(train_input, {.max_steps = 0}); }) == "Must specify max_steps > 0, given: 0");
}

TEST_CASE("estimator: killed at any time, training goes on from a whole checkpoint to the bits of one that was not") {
  plane const data(50);
  auto const input = numpy_input_fn(data.xs, data.ys, {.batch_size = 8, .num_epochs = 0, .shuffle = true});
  folder const dir;
  auto const config = [&](char const* name) {
    return tf::estimator::RunConfig{
        .model_dir = dir / name, .tf_random_seed = 7, .save_checkpoints_steps = 3, .keep_checkpoint_max = 2};
  };
  constexpr i64 all = 400;
  Estimator(noisy_model, config("whole")).train(input, {.max_steps = all});
  std::string const end = "/model.ckpt-" + std::to_string(all) + ".data-00000-of-00001", path = dir / "killed";
  unsigned random = 3;
  i64 last = 0;
  int kills = 0;
  while (!std::filesystem::exists(path + end) && kills < 200) {
    ::pid_t const child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      Estimator(noisy_model, config("killed")).train(input, {.max_steps = all});
      std::_Exit(0);
    }
    random = random * 1664525u + 1013904223u;
    ::usleep(2000 + random / 65536 % 60000);
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    ++kills;
    std::string const newest = tf::train::latest_checkpoint(path);
    if (newest.empty()) continue;
    // Whole, and never older than before.
    i64 const step = tf::train::load_variable<i64, 0>(newest, "global_step");
    CHECK(newest == path + "/model.ckpt-" + std::to_string(step));
    CHECK(step >= last);
    CHECK(tf::train::load_variable<float, 2>(newest, "w1/Adam_1").size() == 10);
    last = step;
  }
  Estimator(noisy_model, config("killed")).train(input, {.max_steps = all});
  MESSAGE("killed ", kills, " times");
  CHECK(text_of(path + end) == text_of((dir / "whole") + end));
}
