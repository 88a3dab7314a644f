// SPDX-License-Identifier: Apache-2.0
#include <keras/fit_test.hpp>
#include <tfx/keras/activations.hpp>
#include <tfx/keras/optimizers/adam.hpp>
#include <tfx/keras/optimizers/sgd.hpp>
#include <tfx/keras/regularizers.hpp>

// What training computes, against plain loops.

using namespace fit_test;

namespace {
auto make_trainer() {
  return make_model().compile(tf::train::GradientDescentOptimizer(0.1f), keras::loss<"mse">, keras::metrics<"mae">);
}
}  // namespace

TEST_CASE("fit: losses and weights of a plain loop; the last batch is smaller") {
  auto trainer = make_trainer();
  auto const x = inputs();
  auto const y = targets();
  line by_hand(trainer.model());
  auto const history = trainer.fit(x, y, {.epochs = 4, .batch_size = 5, .verbose = 0, .shuffle = false});
  numbers losses;
  for (int epoch = 0; epoch < 4; ++epoch) losses.push_back(by_hand.epoch(x, y, in_order(0, rows), 5, 0.1));
  CHECK(same(history["loss"], losses));
  CHECK(history.epoch == std::vector<int>{0, 1, 2, 3});
  CHECK(by_hand.is(trainer.model()));
  CHECK(history.all.size() == 2);
  CHECK_FALSE(history.has("val_loss"));
  CHECK_THROWS_AS(history["val_loss"], tf::errors::InvalidArgumentError);

  double loss = 0, mae = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    double const error = by_hand(x, i) - double(y(i));
    loss += error * error / rows;
    mae += std::abs(error) / rows;
  }
  auto const [l, m] = trainer.evaluate(x, y, {.batch_size = 7, .verbose = 0});
  CHECK(l == doctest::Approx(loss).epsilon(1e-5));
  CHECK(m == doctest::Approx(mae).epsilon(1e-5));
  CHECK(same(op_test::flat(trainer.test_on_batch(x, y)), {loss, mae}));
  CHECK(same(op_test::flat(trainer.train_on_batch(x, y)), {loss, mae}));
  by_hand.step(x, y, in_order(0, rows), 0.1);
  CHECK(by_hand.is(trainer.model()));
  CHECK(trainer.metrics_names() == std::vector<std::string>{"loss", "mae"});
}

TEST_CASE("fit: shuffled rows are in the order of the seed and the epoch, from any first epoch on") {
  auto const x = inputs();
  auto const y = targets();
  auto const train = [&](keras::fit_options const& options) {
    auto trainer = make_trainer();
    auto model = trainer.model();
    model.set_weights(std::tuple(xt::xtensor<float, 2>(xt::ones<float>({3, 1})), xt::xtensor<float, 1>{0.5f}));
    return trainer.fit(x, y, options)["loss"];
  };
  auto model = make_model();
  model.set_weights(std::tuple(xt::xtensor<float, 2>(xt::ones<float>({3, 1})), xt::xtensor<float, 1>{0.5f}));
  line by_hand(model);
  tf::data::row_order order({4, 1});
  numbers losses;
  for (int epoch = 0; epoch < 3; ++epoch) {
    order.start_next(rows, true);
    losses.push_back(by_hand.epoch(x, y, {order.rows(), order.rows() + rows}, 8, 0.1));
  }
  CHECK(same(train({.epochs = 3, .batch_size = 8, .verbose = 0, .seed = 4}), losses));
  CHECK_FALSE(same(train({.epochs = 3, .batch_size = 8, .verbose = 0, .seed = 5}), losses));

  auto trainer = make_trainer();
  auto shared = trainer.model();
  shared.set_weights(std::tuple(xt::xtensor<float, 2>(xt::ones<float>({3, 1})), xt::xtensor<float, 1>{0.5f}));
  trainer.fit(x, y, {.epochs = 1, .batch_size = 8, .verbose = 0, .seed = 4});
  auto const later = trainer.fit(x, y, {.epochs = 3, .batch_size = 8, .verbose = 0, .seed = 4, .initial_epoch = 1});
  CHECK(same(later["loss"], {losses[1], losses[2]}));
  CHECK(later.epoch == std::vector<int>{1, 2});
}

TEST_CASE("fit: without a seed each fit of a trainer draws other orders, and another trainer the same") {
  auto const x = inputs();
  auto const y = targets();
  auto trainer = make_trainer(), other = make_trainer();
  auto const fit = [&](auto& t, keras::fit_options const& options) {
    auto model = t.model();
    model.set_weights(std::tuple(xt::xtensor<float, 2>(xt::ones<float>({3, 1})), xt::xtensor<float, 1>{0.5f}));
    return t.fit(x, y, options)["loss"];
  };
  numbers const first = fit(trainer, {.batch_size = 4, .verbose = 0});
  numbers const second = fit(trainer, {.batch_size = 4, .verbose = 0});
  CHECK(first != second);
  CHECK(fit(other, {.batch_size = 4, .verbose = 0}) == first);
  CHECK(fit(other, {.batch_size = 4, .verbose = 0}) == second);
  numbers const seeded = fit(trainer, {.batch_size = 4, .verbose = 0, .seed = 7});
  CHECK(fit(trainer, {.batch_size = 4, .verbose = 0, .seed = 7}) == seeded);
}

TEST_CASE("fit: validation_split takes the end of the data; validation(x, y) what it is given") {
  auto const x = inputs();
  auto const y = targets();
  auto trainer = make_trainer();
  line by_hand(trainer.model());
  std::size_t const kept = 17;  // of 23 · 0.75 = 17.25
  auto history =
      trainer.fit(x, y, {.epochs = 2, .batch_size = 4, .verbose = 0, .validation_split = 0.25, .shuffle = false});
  numbers losses, judged;
  for (int epoch = 0; epoch < 2; ++epoch) {
    losses.push_back(by_hand.epoch(x, y, in_order(0, kept), 4, 0.1));
    judged.push_back(by_hand.epoch(x, y, in_order(kept, rows), 4, 0));
  }
  CHECK(same(history["loss"], losses));
  CHECK(same(history["val_loss"], judged));
  CHECK(history.has("val_mae"));

  auto const apart_x = op_test::tensor<float, 2>({5, 3}, op_test::spread(15, -1, 1, 3));
  auto const apart_y = op_test::tensor<float, 1>({5}, op_test::spread(5, -1, 1, 4));
  history = trainer.fit(x, y, {.epochs = 1, .batch_size = 4, .verbose = 0, .validation_split = 0.25, .shuffle = false},
                        keras::validation(apart_x, apart_y));
  CHECK(same(history["loss"], {by_hand.epoch(x, y, in_order(0, rows), 4, 0.1)}));  // a split gives way
  CHECK(same(history["val_loss"], {by_hand.epoch(apart_x, apart_y, in_order(0, 5), 4, 0)}));
}

TEST_CASE("fit: sample_weight and class_weight count rows as Keras does") {
  auto const x = inputs();
  auto y = targets();
  for (std::size_t i = 0; i < rows; ++i) y(i) = float(i % 3);
  numbers weights, of_classes;
  for (std::size_t i = 0; i < rows; ++i) {
    weights.push_back(i % 4 == 0 ? 0 : 0.5 * double(i % 5));
    of_classes.push_back(weights.back() * (i % 3 == 0 ? 2 : i % 3 == 1 ? 0.25 : 3));
  }
  auto trainer = make_trainer();
  line by_hand(trainer.model());
  auto history =
      trainer.fit(x, y, {.epochs = 2, .batch_size = 6, .verbose = 0, .shuffle = false}, keras::sample_weight = weights);
  numbers losses;
  for (int epoch = 0; epoch < 2; ++epoch) losses.push_back(by_hand.epoch(x, y, in_order(0, rows), 6, 0.1, weights));
  CHECK(same(history["loss"], losses));
  CHECK(by_hand.is(trainer.model()));
  auto const [weighted, mae] = trainer.evaluate(x, y, {.batch_size = 6, .verbose = 0}, keras::sample_weight = weights);
  CHECK(weighted == doctest::Approx(line(by_hand).epoch(x, y, in_order(0, rows), 6, 0, weights)).epsilon(1e-5));

  history = trainer.fit(x, y, {.epochs = 1, .batch_size = 6, .verbose = 0, .validation_split = 0.25, .shuffle = false},
                        keras::class_weight = {2, 0.25, 3}, keras::sample_weight = weights);
  CHECK(same(history["loss"], {by_hand.epoch(x, y, in_order(0, 17), 6, 0.1, of_classes)}));
  CHECK(same(history["val_loss"], {by_hand.epoch(x, y, in_order(17, rows), 6, 0, of_classes)}));
}

TEST_CASE("fit: several outputs, whose losses have weights") {
  auto const in = keras::Input(tf::shape<3>);
  auto const model = keras::Model(in, keras::outputs(layers::Dense<1, "a">()(in), layers::Dense<2, "b">()(in)));
  auto trainer =
      model.compile(tf::train::GradientDescentOptimizer(0.0f), keras::loss_list(keras::loss<"mse">, keras::loss<"mae">),
                    keras::metrics<"mse">, keras::loss_weights = {2.0, 0.5});
  CHECK(trainer.metrics_names() == std::vector<std::string>{"loss", "a_loss", "b_loss", "a_mse", "b_mse"});
  auto const x = inputs();
  auto const ya = targets();
  auto const yb = op_test::tensor<float, 2>({rows, 2}, op_test::spread(2 * rows, -1, 1, 9));
  auto const [a, b] = model.predict(x);
  double mse_a = 0, mae_b = 0, mse_b = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    mse_a += std::pow(double(a(i, 0)) - double(ya(i)), 2) / rows;
    for (std::size_t k = 0; k < 2; ++k) {
      mae_b += std::abs(double(b(i, k)) - double(yb(i, k))) / rows / 2;
      mse_b += std::pow(double(b(i, k)) - double(yb(i, k)), 2) / rows / 2;
    }
  }
  auto const history = trainer.fit(x, keras::outputs(ya, yb), {.epochs = 1, .batch_size = 9, .verbose = 0});
  CHECK(same({history["loss"][0], history["a_loss"][0], history["b_loss"][0], history["a_mse"][0], history["b_mse"][0]},
             {2 * mse_a + 0.5 * mae_b, mse_a, mae_b, mse_a, mse_b}));
  CHECK_THROWS_AS(model.compile(tf::train::GradientDescentOptimizer(0.1f), keras::loss<"mse">, keras::metrics<"mae">,
                                keras::loss_weights = {1.0}),
                  tf::errors::InvalidArgumentError);
}

TEST_CASE("fit: each output has metrics of its own, or none") {
  auto const in = keras::Input(tf::shape<3>);
  auto const model = keras::Model(in, keras::outputs(layers::Dense<1, "number">()(in), layers::Dense<1, "none">()(in),
                                                     layers::Dense<3, "kind">(keras::activation<"softmax">)(in)));
  auto const trainer = model.compile(
      tf::train::GradientDescentOptimizer(0.0f),
      keras::loss_list(keras::loss<"mse">, keras::loss<"mse">, keras::loss<"sparse_categorical_crossentropy">),
      keras::output_metrics(keras::metrics<"mae">, keras::metrics<>,
                            keras::metric_list(keras::metric<"accuracy">, keras::metric<"sum">([](auto, auto y_pred) {
                                                 return tf::reduce_sum(y_pred, tf::axis<-1>);
                                               }))));
  CHECK(trainer.metrics_names() == std::vector<std::string>{"loss", "number_loss", "none_loss", "kind_loss",
                                                            "number_mae", "kind_accuracy", "kind_sum"});
  auto const x = inputs();
  auto const y = targets();
  xt::xtensor<int, 1> kinds = xt::zeros<int>({rows});
  auto const [number, none, kind] = model.predict(x);
  double mae = 0, right = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    mae += std::abs(double(number(i, 0)) - double(y(i))) / rows;
    kinds(i) = static_cast<int>(i % 3);
    std::size_t most = 0;
    for (std::size_t k = 1; k < 3; ++k)
      if (kind(i, k) > kind(i, most)) most = k;
    right += most == i % 3 ? 1.0 / rows : 0;
  }
  auto const values = trainer.evaluate(x, keras::outputs(y, y, kinds), {.verbose = 0});
  CHECK(same({values[4], values[5], values[6]}, {mae, right, 1}));
}

TEST_CASE("fit: regularizers are part of the loss, constraints hold after each step") {
  auto const model = keras::Sequential(keras::Input(tf::shape<3>),
                                       layers::Dense<1>(
                                           keras::kernel_regularizer = keras::regularizers::l2(0.3),
                                           keras::bias_constraint = [](auto w) { return tf::minimum(w, 0.01f); }));
  auto trainer = model.compile(keras::optimizers::SGD(0.1), keras::loss<"mse">);
  auto const x = inputs();
  xt::xtensor<float, 1> y = targets() + 5.0f;
  line by_hand(model);
  numbers losses;
  for (int epoch = 0; epoch < 3; ++epoch) {
    double penalty = 0;
    double const before[] = {by_hand.w[0], by_hand.w[1], by_hand.w[2]};
    for (double w : before) penalty += 0.3 * w * w;
    losses.push_back(by_hand.step(x, y, in_order(0, rows), 0.1) + penalty);
    for (std::size_t k = 0; k < 3; ++k) by_hand.w[k] -= 0.1 * 2 * 0.3 * before[k];
    by_hand.b = std::min(by_hand.b, 0.01);
  }
  CHECK(same(trainer.fit(x, y, {.epochs = 3, .batch_size = 100, .verbose = 0})["loss"], losses));
  CHECK(by_hand.is(model));
  CHECK(by_hand.b == 0.01);
}

TEST_CASE("fit: the same numbers with Keras' optimizers; a NaN is told as it is") {
  auto trainer = make_model().compile(keras::optimizers::Adam(0.01), keras::loss<"mse">);
  line const by_hand(trainer.model());
  auto const x = inputs();
  auto y = targets();
  trainer.fit(x, y, {.epochs = 1, .batch_size = 100, .verbose = 0});
  // Adam's first step is the rate, whatever the gradient.
  line const after(trainer.model());
  CHECK(std::abs(std::abs(after.b - by_hand.b) - 0.01) < 1e-5);
  CHECK(std::abs(std::abs(after.w[1] - by_hand.w[1]) - 0.01) < 1e-5);

  y(4) = std::numeric_limits<float>::quiet_NaN();
  captured warned(stderr);
  auto const history = trainer.fit(x, y, {.epochs = 2, .batch_size = 8, .verbose = 0});
  CHECK(std::isnan(history["loss"][0]));
  CHECK(history["loss"].size() == 2);
}

TEST_CASE("fit: models, trainers and what they gave outlive each other, moved and copied") {
  auto const x = inputs();
  auto const y = targets();
  auto trainer = [] {
    auto model = make_model();
    auto made = model.compile(tf::train::GradientDescentOptimizer(0.1f), keras::loss<"mse">);
    auto moved = std::move(made);
    return moved;
  }();
  line by_hand(trainer.model());
  auto copy = trainer;
  auto const history = copy.fit(x, y, {.epochs = 1, .batch_size = 100, .verbose = 0});
  by_hand.step(x, y, in_order(0, rows), 0.1);
  CHECK(by_hand.is(trainer.model()));  // one session
  trainer = std::move(copy);
  trainer.fit(x, y, {.epochs = 1, .batch_size = 100, .verbose = 0});
  by_hand.step(x, y, in_order(0, rows), 0.1);
  CHECK(by_hand.is(trainer.model()));
}
