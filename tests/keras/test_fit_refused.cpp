// SPDX-License-Identifier: Apache-2.0
#include <keras/fit_test.hpp>
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
  CHECK(why(x, targets(7)) == "fit: All arrays must have the same number of samples: 23 and 7 were given");
  CHECK(why(inputs(0), targets(0)) == "fit: the arrays hold no sample");
  CHECK(says(why(xt::xtensor<float, 2>(xt::ones<float>({23, 4})), y),
             "fit: Error when checking input: expected input_1 to have rows of shape (3) but got an array of shape "
             "[23,4]"));
  CHECK(says(why(x, xt::xtensor<float, 2>(xt::ones<float>({23, 2}))),
             "fit: Error when checking target: expected dense_target to have rows of shape (1) but got an array of "
             "shape [23,2]"));
  CHECK(says(why(xt::xarray<float>(xt::ones<float>({23, 3, 1, 1})), y), "expected input_1"));
  CHECK(says(why(x, y, keras::validation(inputs(4), targets(5))), "fit: validation: All arrays must have"));
  CHECK(says(why(x, y, keras::validation(inputs(0), targets(0))), "fit: validation: the arrays hold no sample"));
  numbers const few(22, 1.0), all(23, 1.0);
  CHECK(says(why(x, y, keras::sample_weight = few), "fit: All arrays must have the same number of samples: 23 and 22"));
  xt::xtensor<float, 1> const classes = xt::zeros<float>({23}) + 2.0f;
  CHECK(says(why(x, classes, keras::class_weight = {1.0, 2.0}),
             "`class_weight` has 2 weights, and none for the class 2"));
  CHECK(before.is(trainer.model()));
  CHECK(says(message<InvalidArgumentError>([&] { trainer.evaluate(x, targets(3)); }), "evaluate: All arrays"));
  CHECK(says(message<InvalidArgumentError>([&] { trainer.train_on_batch(x, targets(3)); }), "train_on_batch: All"));
  CHECK(says(message<InvalidArgumentError>([&] { trainer.test_on_batch(x, targets(3)); }), "test_on_batch: All"));

  // One more or one less axis of one element is the same.
  trainer.fit(x, xt::xtensor<float, 2>(xt::ones<float>({23, 1})), {.verbose = 0});
  trainer.fit(xt::xarray<double>(x), std::vector<int>(23, 1), {.verbose = 0});
  CHECK_FALSE(before.is(trainer.model()));
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
