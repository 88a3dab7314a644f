// SPDX-License-Identifier: Apache-2.0
#include <keras/fit_test.hpp>
#include <tfx/data/dataset.hpp>
#include <tfx/data/prefetch.hpp>
#include <tfx/keras/layers/flatten.hpp>
#include <tfx/keras/preprocessing/image_data_generator.hpp>
#include <xtensor/xview.hpp>

// Training on batches that ranges give.

using namespace fit_test;
using io_test::message;
using tf::errors::InvalidArgumentError;

namespace {
auto make_trainer() { return make_model().compile(tf::train::GradientDescentOptimizer(0.1f), keras::loss<"mse">); }
using pair = std::pair<xt::xtensor<float, 2>, xt::xtensor<float, 1>>;
/// The rows in batches of `size`.
std::vector<pair> batches_of(std::size_t size) {
  auto const x = inputs();
  auto const y = targets();
  std::vector<pair> all;
  for (std::size_t i = 0; i < rows; i += size)
    all.emplace_back(xt::view(x, xt::range(i, std::min(rows, i + size)), xt::all()),
                     xt::view(y, xt::range(i, std::min(rows, i + size))));
  return all;
}
/// A range that can be walked once, and has no size.
struct once {
  std::vector<pair> const& all;
  std::size_t at = 0;

  struct iterator {
    once* of;
    pair const& operator*() const { return of->all[of->at]; }
    iterator& operator++() { return ++of->at, *this; }
    bool operator==(std::default_sentinel_t) const { return of->at >= of->all.size(); }
  };
  iterator begin() { return {this}; }
  std::default_sentinel_t end() const { return {}; }
};
}  // namespace

TEST_CASE("fit_generator: an epoch is a pass; the numbers are those of fit") {
  auto const x = inputs();
  auto const y = targets();
  auto trainer = make_trainer();
  line by_hand(trainer.model());
  auto const batches = batches_of(5);
  auto const history = trainer.fit_generator(batches, {.epochs = 3, .verbose = 0}, keras::validation(x, y));
  numbers losses, judged;
  for (int epoch = 0; epoch < 3; ++epoch) {
    losses.push_back(by_hand.epoch(x, y, in_order(0, rows), 5, 0.1));
    judged.push_back(by_hand.epoch(x, y, in_order(0, rows), rows, 0));
  }
  CHECK(same(history["loss"], losses));
  CHECK(same(history["val_loss"], judged));
  CHECK(by_hand.is(trainer.model()));
  auto const [loss] = trainer.evaluate_generator(batches);
  CHECK(loss == doctest::Approx(judged.back()).epsilon(1e-5));
  auto const [first] = trainer.evaluate_generator(batches, {.steps = 2});
  CHECK(first == doctest::Approx(by_hand.epoch(x, y, in_order(0, 10), 5, 0)).epsilon(1e-5));
  auto const predicted = trainer.predict_generator(batches);
  CHECK(op_test::same(predicted, op_test::flat(trainer.model().predict(x))));
  CHECK(predicted.shape()[1] == 1);
  std::vector<xt::xtensor<float, 2>> const bare{inputs(2), inputs(3)};
  CHECK(trainer.predict_generator(bare).shape()[0] == 5);
  CHECK(trainer.predict_generator(bare, {.steps = 3}).shape()[0] == 7);  // begun again
}

TEST_CASE("fit_generator: steps_per_epoch goes on through the range, and begins it again where it ends") {
  auto const x = inputs();
  auto const y = targets();
  auto trainer = make_trainer();
  line by_hand(trainer.model());
  auto const batches = batches_of(8);  // 8, 8, 7
  auto const history =
      trainer.fit_generator(batches, {.steps_per_epoch = 2, .epochs = 3, .verbose = 0}, keras::validation(batches, 1));
  auto const step = [&](std::size_t i) { return by_hand.step(x, y, in_order(8 * i, std::min(rows, 8 * i + 8)), 0.1); };
  double const a = step(0), b = step(1), c = step(2), d = step(0), e = step(1), f = step(2);
  CHECK(same(history["loss"], {(a + b) / 2, (c * 7 + d * 8) / 15, (e * 8 + f * 7) / 15}));
  CHECK(history["val_loss"].size() == 3);
  CHECK(same({history["val_loss"].back()}, {by_hand.step(x, y, in_order(16, rows), 0)}));
}

TEST_CASE("fit_generator: rows are weighted by a third element and by classes") {
  auto const x = inputs();
  auto y = targets();
  for (std::size_t i = 0; i < rows; ++i) y(i) = float(i % 2);
  numbers weights, both;
  for (std::size_t i = 0; i < rows; ++i) {
    weights.push_back(double(i % 4));
    both.push_back(weights.back() * (i % 2 == 0 ? 0.5 : 3));
  }
  std::vector<std::tuple<xt::xtensor<float, 2>, xt::xtensor<float, 1>, numbers>> const all{{x, y, weights}};
  auto trainer = make_trainer();
  line by_hand(trainer.model());
  CHECK(same(trainer.fit_generator(all, {.verbose = 0})["loss"],
             {by_hand.epoch(x, y, in_order(0, rows), rows, 0.1, weights)}));
  CHECK(
      same(op_test::flat(trainer.evaluate_generator(all)), {by_hand.epoch(x, y, in_order(0, rows), rows, 0, weights)}));
  CHECK(same(trainer.fit_generator(all, {.verbose = 0}, keras::class_weight = {0.5, 3}, keras::validation(all))["loss"],
             {by_hand.epoch(x, y, in_order(0, rows), rows, 0.1, both)}));
}

TEST_CASE("fit_generator: several inputs and outputs, as they are or in tuples of both") {
  auto const a = keras::Input<"a">(tf::shape<3>);
  auto const b = keras::Input<"b">(tf::shape<2>);
  auto const model =
      keras::Model(keras::inputs(a, b), keras::outputs(layers::Dense<1, "p">()(a), layers::Dense<1, "q">()(b)));
  auto trainer = model.compile(tf::train::GradientDescentOptimizer(0.0f), keras::loss<"mse">);
  xt::xtensor<float, 2> const xb = xt::ones<float>({4, 2});
  auto const x = inputs(4);
  auto const y = targets(4);
  std::vector const flat{std::tuple(x, xb, y, y)};
  std::vector const nested{std::pair(keras::inputs(x, xb), keras::outputs(y, y))};
  auto const expected = trainer.evaluate(keras::inputs(x, xb), keras::outputs(y, y), {.verbose = 0});
  CHECK(trainer.evaluate_generator(flat) == expected);
  CHECK(trainer.evaluate_generator(nested) == expected);
  CHECK(trainer.fit_generator(flat, {.verbose = 0})["q_loss"][0] == expected[2]);
  auto const [p, q] = trainer.predict_generator(nested);
  CHECK((p.shape()[0] == 4 && q.shape()[0] == 4));
  auto const [p2, q2] = trainer.predict_generator(flat);
  CHECK(p2 == p);
}

TEST_CASE("fit_generator: data sets, prefetched too, and images that a generator changes") {
  auto const x = inputs();
  auto const y = targets();
  auto const train = [&](auto&& set) {
    auto trainer = make_trainer();
    auto model = trainer.model();
    model.set_weights(std::tuple(xt::xtensor<float, 2>(xt::ones<float>({3, 1})), xt::xtensor<float, 1>{0.5f}));
    return trainer.fit_generator(set, {.epochs = 3, .verbose = 0})["loss"];
  };
  auto const set = [&] { return tf::data::Dataset::from_tensor_slices(x, y).shuffle(7).batch(5); };
  numbers const losses = train(set());
  CHECK(losses.size() == 3);
  CHECK(train(tf::data::prefetch(set())) == losses);

  xt::xtensor<float, 4> images = xt::ones<float>({10, 4, 4, 1});
  auto const model = keras::Sequential(keras::Input(tf::shape<4, 4, 1>), layers::Flatten(), layers::Dense<1>());
  auto trainer = model.compile(tf::train::GradientDescentOptimizer(0.01f), keras::loss<"mse">);
  keras::preprocessing::image::ImageDataGenerator generator({.horizontal_flip = true});
  auto flow = generator.flow(images, targets(10), {.batch_size = 4, .seed = 3, .endless = true});
  CHECK(trainer.fit_generator(flow, {.epochs = 2, .verbose = 0}, keras::validation(flow, 2))["val_loss"].size() == 2);
}

TEST_CASE("fit_generator: ranges that end too early or hold nothing") {
  auto const batches = batches_of(8);
  auto trainer = make_trainer();
  once single{batches};
  captured warned(stderr);
  auto const history = trainer.fit_generator(single, {.steps_per_epoch = 2, .epochs = 5, .verbose = 0});
  CHECK(warned.text() ==
        "WARNING: Your dataset iterator ran out of data; interrupting training. Make sure that your iterator can "
        "generate at least `steps_per_epoch * epochs` batches (in this case, 10 batches).\n");
  CHECK(history["loss"].size() == 2);
  std::vector<pair> const none;
  CHECK(message<InvalidArgumentError>([&] { trainer.fit_generator(none, {.verbose = 0}); }) ==
        "fit_generator: the range gives no batch");
  CHECK(message<InvalidArgumentError>([&] { trainer.fit_generator(none, {.steps_per_epoch = 3, .verbose = 0}); }) ==
        "fit_generator: the range gives no batch");
  CHECK(message<InvalidArgumentError>([&] { trainer.evaluate_generator(none); }) ==
        "evaluate_generator: the range gives no batch");
  CHECK(message<InvalidArgumentError>([&] { trainer.predict_generator(none); }) ==
        "predict_generator: the range gives no batch");
  auto of_steps = keras::Sequential(keras::Input(tf::shape<tf::dyn, 3>), layers::Dense<1>())
                      .compile(tf::train::GradientDescentOptimizer(0.1f), keras::loss<"mse">);
  std::vector<xt::xtensor<float, 3>> const of_two_lengths{xt::ones<float>({2, 5, 3}), xt::ones<float>({2, 4, 3})};
  CHECK(message<InvalidArgumentError>([&] { of_steps.predict_generator(of_two_lengths); }) ==
        "predict: batches have predictions of unequal shapes: dimension 1 is 4, and 5 before");
  CHECK_THROWS_AS(trainer.fit_generator(batches, {.steps_per_epoch = -1}), InvalidArgumentError);
  CHECK_THROWS_AS(trainer.fit_generator(batches, {.epochs = -1}), InvalidArgumentError);
  std::vector<pair> const uneven{{inputs(3), targets(4)}};
  CHECK(message<InvalidArgumentError>([&] { trainer.fit_generator(uneven, {.verbose = 0}); }) ==
        "fit_generator: All arrays must have the same number of samples: x (input_1) has 3, y (dense_target) has 4");
}
