// SPDX-License-Identifier: Apache-2.0
#include <keras/fit_test.hpp>
#include <tfx/keras/activations.hpp>
#include <tfx/keras/callbacks/lambda_callback.hpp>
#include <xtensor/xarray.hpp>

// What training refuses, before it changes anything.

using namespace fit_test;
using io_test::message;
using tf::errors::InvalidArgumentError;

namespace {
auto make_trainer() { return make_model().compile(tf::train::GradientDescentOptimizer(0.1f), keras::loss<"mse">); }
bool says(std::string const& text, char const* part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}
}  // namespace

TEST_CASE("fit refuses: options out of their range") {
  auto trainer = make_trainer();
  auto const x = inputs();
  auto const y = targets();
  line const before(trainer.model());
  auto const why = [&](keras::fit_options const& options) {
    return message<InvalidArgumentError>([&] { trainer.fit(x, y, options); });
  };
  CHECK(why({.batch_size = 0}) == "fit: batch_size must be at least 1: 0");
  CHECK(why({.batch_size = -3}) == "fit: batch_size must be at least 1: -3");
  CHECK(why({.epochs = -1}) == "fit: epochs must not be negative: -1");
  CHECK(why({.initial_epoch = -1}) == "fit: initial_epoch must not be negative: -1");
  CHECK(why({.validation_split = 1}) == "fit: validation_split must be in [0, 1): 1");
  CHECK(why({.validation_split = -0.5}) == "fit: validation_split must be in [0, 1): -0.5");
  CHECK(says(why({.validation_split = op_test::not_a_number}), "validation_split"));
  CHECK(why({.validation_split = 0.999}) == "fit: validation_split 0.999 leaves nothing to train on");
  CHECK(message<InvalidArgumentError>([&] { trainer.evaluate(x, y, {.batch_size = 0}); }) ==
        "evaluate: batch_size must be at least 1: 0");
  CHECK(before.is(trainer.model()));
  // No epoch is left to train: that is no mistake.
  CHECK(trainer.fit(x, y, {.epochs = 0}).epoch.empty());
  CHECK(trainer.fit(x, y, {.epochs = 2, .initial_epoch = 2}).epoch.empty());
  CHECK(before.is(trainer.model()));
}

TEST_CASE("fit refuses: arrays of other numbers of rows, none, or other shapes") {
  auto trainer = make_trainer();
  auto const x = inputs();
  auto const y = targets();
  line const before(trainer.model());
  auto const why = [&](auto const& a, auto const& b, auto const&... more) {
    return message<InvalidArgumentError>([&] { trainer.fit(a, b, {.verbose = 0}, more...); });
  };
  CHECK(why(x, targets(7)) ==
        "fit: All arrays must have the same number of samples: x (input_1) has 23, y (dense_target) has 7");
  CHECK(why(inputs(0), targets(0)) == "fit: the arrays hold no sample");
  CHECK(says(why(xt::xtensor<float, 2>(xt::ones<float>({23, 4})), y),
             "fit: Error when checking input: expected input_1 to have rows of shape (3) but got an array of shape "
             "[23,4]"));
  CHECK(says(why(x, xt::xtensor<float, 2>(xt::ones<float>({23, 2}))),
             "fit: Error when checking target: expected dense_target to have rows of shape (1) but got an array of "
             "shape [23,2]"));
  CHECK(says(why(xt::xarray<float>(xt::ones<float>({23, 3, 1, 1})), y), "expected input_1"));
  CHECK(says(why(xt::xarray<float>(xt::ones<float>({23, 3, 1})), y), "expected input_1"));
  CHECK(says(why(x, xt::xarray<float>(xt::ones<float>({23, 1, 1}))), "expected dense_target"));
  CHECK(says(why(x, y, keras::validation(inputs(4), targets(5))), "fit: validation: All arrays must have"));
  CHECK(says(why(x, y, keras::validation(inputs(0), targets(0))), "fit: validation: the arrays hold no sample"));
  numbers const few(22, 1.0), all(23, 1.0);
  CHECK(why(x, y, keras::sample_weight = few) ==
        "fit: All arrays must have the same number of samples: x has 23, sample_weight has 22");
  xt::xtensor<float, 1> const classes = xt::zeros<float>({23}) + 2.0f;
  CHECK(says(why(x, classes, keras::class_weight = {1.0, 2.0}),
             "fit: `class_weight` has 2 weights, and none for the class 2 of row 0"));
  CHECK(before.is(trainer.model()));
  CHECK(says(message<InvalidArgumentError>([&] { trainer.evaluate(x, targets(3)); }), "evaluate: All arrays"));
  CHECK(says(message<InvalidArgumentError>([&] { trainer.train_on_batch(x, targets(3)); }), "train_on_batch: All"));
  CHECK(says(message<InvalidArgumentError>([&] { trainer.test_on_batch(x, targets(3)); }), "test_on_batch: All"));

  // One more or one less axis of one element is the same.
  trainer.fit(x, xt::xtensor<float, 2>(xt::ones<float>({23, 1})), {.verbose = 0});
  trainer.fit(xt::xarray<double>(x), std::vector<int>(23, 1), {.verbose = 0});
  CHECK_FALSE(before.is(trainer.model()));
}

TEST_CASE("fit refuses: arrays of a rank that only they know, in all calls") {
  auto trainer = make_trainer();
  auto const x = inputs();
  auto const y = targets();
  line const before(trainer.model());
  xt::xarray<float> const deep_x = xt::ones<float>({23, 3, 1}), deep_y = xt::ones<float>({23, 1, 1});
  std::string const input =
      "Error when checking input: expected input_1 to have rows of shape (3) but got an array of "
      "shape [23,3,1]";
  std::string const target =
      "Error when checking target: expected dense_target to have rows of shape (1) but got an "
      "array of shape [23,1,1]";
  auto const why = [](auto const& call) { return message<InvalidArgumentError>(call); };
  CHECK(why([&] { trainer.model().predict(deep_x); }) == "predict: " + input);
  CHECK(why([&] { trainer.evaluate(deep_x, y); }) == "evaluate: " + input);
  CHECK(why([&] { trainer.evaluate(x, deep_y); }) == "evaluate: " + target);
  CHECK(why([&] { trainer.train_on_batch(x, deep_y); }) == "train_on_batch: " + target);
  CHECK(why([&] { trainer.test_on_batch(deep_x, y); }) == "test_on_batch: " + input);
  std::vector const batches{std::pair(deep_x, y)};
  CHECK(why([&] { trainer.fit_generator(batches, {.verbose = 0}); }) == "fit_generator: " + input);
  CHECK(why([&] { trainer.predict_generator(batches); }) == "predict_generator: " + input);
  CHECK(before.is(trainer.model()));
}

TEST_CASE("fit refuses: labels that are no class, wherever they stand, before it trains") {
  auto const model = keras::Sequential(keras::Input(tf::shape<3>), layers::Dense<3>(keras::activation<"softmax">));
  auto trainer =
      model.compile(tf::train::GradientDescentOptimizer(0.1f), keras::loss<"sparse_categorical_crossentropy">);
  auto const x = inputs();
  auto const before = op_test::flat(std::get<0>(model.get_weights()));
  std::vector<int> good(rows, 2), high = good, low = good;
  high[22] = 3;
  low[21] = -1;
  auto const why = [](auto const& call) { return message<InvalidArgumentError>(call); };
  std::string const of_high =
      "Error when checking target: row 22 of dense_target has the label 3, which is outside the "
      "valid range of [0, 3)";
  CHECK(why([&] { trainer.fit(x, high, {.batch_size = 2, .verbose = 0, .shuffle = false}); }) == "fit: " + of_high);
  CHECK(says(why([&] { trainer.fit(x, low, {.verbose = 0}); }), "fit: Error when checking target: row 21 of "));
  CHECK(why([&] { trainer.fit(x, good, {.verbose = 0}, keras::validation(x, high)); }) ==
        "fit: validation: " + of_high);
  CHECK(why([&] { trainer.train_on_batch(x, high); }) == "train_on_batch: " + of_high);
  CHECK(why([&] { trainer.test_on_batch(x, high); }) == "test_on_batch: " + of_high);
  CHECK(why([&] { trainer.evaluate(x, high); }) == "evaluate: " + of_high);
  std::vector const batches{std::pair(x, high)};
  CHECK(why([&] { trainer.fit_generator(batches, {.verbose = 0}); }) == "fit_generator: " + of_high);
  CHECK(op_test::flat(std::get<0>(model.get_weights())) == before);
  // A column of labels is the same.
  trainer.fit(x, xt::xtensor<int, 2>(xt::ones<int>({23, 1})), {.verbose = 0});
  trainer.fit(x, xt::xarray<int>(xt::ones<int>({23, 1})), {.verbose = 0});
  CHECK(op_test::flat(std::get<0>(model.get_weights())) != before);
}

TEST_CASE("fit refuses: weights of rows and classes that are negative or not finite, and labels without a class") {
  auto trainer = make_trainer();
  auto const x = inputs();
  xt::xtensor<float, 1> y = xt::zeros<float>({23});
  line const before(trainer.model());
  auto const why = [&](auto const&... more) {
    return message<InvalidArgumentError>([&] { trainer.fit(x, y, {.verbose = 0}, more...); });
  };
  for (double bad : {-1.0, op_test::not_a_number, std::numeric_limits<double>::infinity()}) {
    CAPTURE(bad);
    numbers weights(rows, 1.0);
    weights[22] = bad;
    CHECK(says(why(keras::sample_weight = weights),
               "fit: `sample_weight` must be finite and not negative: that of row 22"));
    CHECK(says(why(keras::class_weight = {1.0, bad}),
               "fit: `class_weight` must be finite and not negative: that of class 1 is "));
    CHECK(says(message<InvalidArgumentError>([&] { trainer.train_on_batch(x, y, keras::sample_weight = weights); }),
               "train_on_batch: `sample_weight` must"));
    CHECK(says(message<InvalidArgumentError>([&] { trainer.evaluate(x, y, {}, keras::sample_weight = weights); }),
               "evaluate: `sample_weight` must"));
    std::vector const batches{std::tuple(x, y, weights)};
    CHECK(says(message<InvalidArgumentError>([&] { trainer.fit_generator(batches, {.verbose = 0}); }),
               "fit_generator: `sample_weight` must"));
  }
  for (float label : {0.5f, -0.5f, 1.9f, -1.0f, 2.0f, std::numeric_limits<float>::quiet_NaN(), 1e30f}) {
    CAPTURE(label);
    y(22) = label;
    CHECK(says(why(keras::class_weight = {1.0, 4.0}), "fit: `class_weight` has 2 weights, and none for the class "));
  }
  CHECK(before.is(trainer.model()));
}

TEST_CASE("fit warns: of a loss that is no number, once, and where it comes from") {
  auto const x = inputs();
  auto y = targets();
  y(4) = std::numeric_limits<float>::quiet_NaN();
  auto const warning = [&](auto const& train) {
    auto trainer = make_trainer();
    captured warned(stderr);
    train(trainer);
    return warned.text();
  };
  CHECK(says(warning([&](auto& t) { t.fit(x, y, {.epochs = 3, .batch_size = 4, .verbose = 0, .shuffle = false}); }),
             "nan in epoch 1, batch 2 of 6; row 4 of y (dense_target) is not finite\n"));
  CHECK(warning([&](auto& t) {
          std::vector const batches{std::pair(inputs(3), targets(3)), std::pair(x, y)};
          t.fit_generator(batches, {.epochs = 3, .verbose = 0});
        }).find("nan in epoch 1, batch 2 of 2\n") != std::string::npos);
  CHECK(warning([&](auto& t) { t.fit(x, targets(), {.verbose = 0}); }).empty());
}

TEST_CASE("fit refuses: what a callback throws ends training, and the trainer goes on") {
  auto trainer = make_trainer();
  auto const x = inputs();
  auto const y = targets();
  keras::callbacks::LambdaCallback thrower({.on_batch_end = [](tf::i64 batch) {
    if (batch == 1) throw 7;
  }});
  CHECK_THROWS_AS(trainer.fit(x, y, {.batch_size = 4, .verbose = 0}, thrower), int);
  CHECK(trainer.fit(x, y, {.batch_size = 4, .verbose = 0})["loss"].size() == 1);
}
