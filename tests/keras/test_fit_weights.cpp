// SPDX-License-Identifier: Apache-2.0
#include <keras/fit_test.hpp>
#include <tfx/keras/layers/global_average_pooling.hpp>
#include <tfx/keras/layers/masking.hpp>
#include <tfx/keras/optimizers/sgd.hpp>

// Weights of rows in all calls, what holds them, and rows and steps none of which count.

using namespace fit_test;

namespace {
auto make_trainer() {
  return make_model().compile(tf::train::GradientDescentOptimizer(0.1f), keras::loss<"mse">, keras::metrics<"mae">);
}
numbers some_weights() {
  numbers weights;
  for (std::size_t i = 0; i < rows; ++i) weights.push_back(i % 4 == 0 ? 0 : 0.5 * double(i % 5));
  return weights;
}
}  // namespace

TEST_CASE("fit: a temporary that an argument is made of is kept, an array with a name is referred to") {
  auto const x = inputs();
  auto const y = targets();
  auto const kept = keras::validation(inputs(5), targets(5));
  static_assert(std::is_same_v<decltype(kept.x), xt::xtensor<float, 2>>);
  static_assert(std::is_same_v<decltype(keras::validation(x, y).y), xt::xtensor<float, 1> const&>);
  auto const weights = (keras::sample_weight = numbers(rows, 2.0));
  static_assert(std::is_same_v<decltype(weights.values), numbers>);
  auto batches = keras::validation(std::vector{std::pair(inputs(5), targets(5))});
  static_assert(!std::is_reference_v<decltype(batches.batches)>);

  auto trainer = make_trainer();
  line by_hand(trainer.model());
  auto const history = trainer.fit(x, y, {.batch_size = 100, .verbose = 0}, kept, weights);
  CHECK(same(history["loss"], {by_hand.step(x, y, in_order(0, rows), 0.1, numbers(rows, 2.0))}));
  numbers const judged{by_hand.epoch(inputs(5), targets(5), in_order(0, 5), 5, 0)};
  CHECK(same(history["val_loss"], judged));
  CHECK(trainer.fit(x, y, {.verbose = 0}, batches).has("val_loss"));
}

TEST_CASE("fit: weights of rows in train_on_batch, test_on_batch and validation") {
  auto const x = inputs();
  auto y = targets();
  for (std::size_t i = 0; i < rows; ++i) y(i) = float(i % 2);
  numbers const weights = some_weights();
  numbers both = weights, of_classes;
  for (std::size_t i = 0; i < rows; ++i) of_classes.push_back(i % 2 == 0 ? 0.5 : 3);
  for (std::size_t i = 0; i < rows; ++i) both[i] *= of_classes[i];
  auto const all = in_order(0, rows);
  auto trainer = make_trainer();
  line by_hand(trainer.model());
  CHECK(same({trainer.test_on_batch(x, y, keras::sample_weight = weights)[0]}, {by_hand.step(x, y, all, 0, weights)}));
  CHECK(
      same({trainer.train_on_batch(x, y, keras::sample_weight = weights)[0]}, {by_hand.step(x, y, all, 0.1, weights)}));
  CHECK(same({trainer.train_on_batch(x, y, keras::class_weight = {0.5, 3})[0]},
             {by_hand.step(x, y, all, 0.1, of_classes)}));
  CHECK(same({trainer.train_on_batch(x, y, keras::class_weight = {0.5, 3}, keras::sample_weight = weights)[0]},
             {by_hand.step(x, y, all, 0.1, both)}));
  CHECK(by_hand.is(trainer.model()));
  auto const history = trainer.fit(x, y, {.batch_size = 100, .verbose = 0}, keras::validation(x, y, weights));
  by_hand.step(x, y, all, 0.1);
  CHECK(same(history["val_loss"], {by_hand.step(x, y, all, 0, weights)}));
}

TEST_CASE("fit: weights of rows for each of several outputs, or one array for all") {
  auto const in = keras::Input(tf::shape<3>);
  auto const model = keras::Model(in, keras::outputs(layers::Dense<1, "a">()(in), layers::Dense<1, "b">()(in)));
  auto trainer = model.compile(tf::train::GradientDescentOptimizer(0.0f), keras::loss<"mse">);
  auto const x = inputs();
  auto const y = targets();
  numbers const one = some_weights(), two(rows, 3.0);
  auto const targets_of_both = keras::outputs(y, y);
  auto const [a, b] = model.predict(x);
  double of_a = 0, of_b = 0, a_by_two = 0, counted = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    double const ea = double(a(i, 0)) - double(y(i)), eb = double(b(i, 0)) - double(y(i));
    counted += one[i] != 0 ? 1 : 0;
    of_a += one[i] * ea * ea;
    a_by_two += 3 * ea * ea / rows;
    of_b += 3 * eb * eb / rows;
  }
  of_a /= counted;
  auto const told = [&](auto const& weights) {
    return op_test::flat(trainer.evaluate(x, targets_of_both, {.batch_size = 100, .verbose = 0}, weights));
  };
  CHECK(same(told(keras::sample_weight = std::tie(one, two)), {of_a + of_b, of_a, of_b}));
  CHECK(same(told(keras::sample_weight = keras::outputs(one, numbers(two))), {of_a + of_b, of_a, of_b}));
  CHECK(same(told(keras::sample_weight = two), {a_by_two + of_b, a_by_two, of_b}));
  auto const history =
      trainer.fit(x, targets_of_both, {.batch_size = 100, .verbose = 0}, keras::sample_weight = std::tuple(one, two),
                  keras::validation(x, targets_of_both, std::tie(two, one)));
  CHECK(same({history["a_loss"][0], history["b_loss"][0], history["val_a_loss"][0]}, {of_a, of_b, a_by_two}));
}

TEST_CASE("fit: weights of rows for two outputs of one layer") {
  auto const a = keras::Input<"a">(tf::shape<3>);
  auto const b = keras::Input<"b">(tf::shape<3>);
  auto const shared = layers::Dense<1, "shared">();
  auto const model = keras::Model(keras::inputs(a, b), keras::outputs(shared(a), shared(b)));
  auto trainer = model.compile(tf::train::GradientDescentOptimizer(0.0f), keras::loss<"mse">);
  auto const x = keras::inputs(inputs(), inputs());
  auto const y = keras::outputs(targets(), targets());
  numbers const one(rows, 1.0), three(rows, 3.0);
  auto const loss = trainer.test_on_batch(x, y)[1];
  CHECK(same(op_test::flat(trainer.test_on_batch(x, y, keras::sample_weight = std::tie(one, three))),
             {4 * loss, loss, 3 * loss}));
}

TEST_CASE("fit: a batch of rows none of which count has a loss of 0 and changes nothing") {
  auto const x = inputs();
  auto const y = targets();
  auto trainer = make_trainer();
  line by_hand(trainer.model());
  CHECK(trainer.train_on_batch(x, y, keras::sample_weight = numbers(rows, 0.0))[0] == 0);
  CHECK(by_hand.is(trainer.model()));
  numbers weights(rows, 0.0);
  for (std::size_t i = 0; i < 10; ++i) weights[i] = 2;
  auto const history =
      trainer.fit(x, y, {.batch_size = 10, .verbose = 0, .shuffle = false}, keras::sample_weight = weights);
  double const loss = by_hand.step(x, y, in_order(0, 10), 0.1, weights);
  CHECK(same(history["loss"], {loss * 10 / rows}));  // of 10, 10 and 3 rows
  CHECK(by_hand.is(trainer.model()));
}

TEST_CASE("fit: steps none of which a mask counts have a loss of 0 and change nothing") {
  auto const sequences = keras::Sequential(keras::Input(tf::shape<3, 2>), layers::Masking(), layers::Dense<1>());
  auto trainer = sequences.compile(keras::optimizers::SGD(0.1), keras::loss<"mse">, keras::metrics<"mae">);
  xt::xtensor<float, 3> const nothing = xt::zeros<float>({4, 3, 2}), y = xt::ones<float>({4, 3, 1});
  auto const before = op_test::flat(std::get<0>(sequences.get_weights()));
  CHECK(op_test::flat(trainer.train_on_batch(nothing, y)) == numbers{0, 0});
  CHECK(op_test::flat(trainer.evaluate(nothing, y, {.verbose = 0})) == numbers{0, 0});
  CHECK(op_test::flat(std::get<0>(sequences.get_weights())) == before);
  CHECK(std::get<1>(sequences.get_weights())(0) == 0);

  // The mean of no steps is 0, in a row among others too.
  auto const pooled =
      keras::Sequential(keras::Input(tf::shape<3, 2>), layers::Masking(), layers::GlobalAveragePooling1D());
  xt::xtensor<float, 3> some = xt::zeros<float>({2, 3, 2});
  some(1, 2, 0) = 5;
  CHECK(same(op_test::flat(pooled.predict(some)), {0, 0, 5, 0}));
}
