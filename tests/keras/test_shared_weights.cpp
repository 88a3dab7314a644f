// SPDX-License-Identifier: Apache-2.0
#include <support/op_test.hpp>
#include <tfx/keras/activations.hpp>
#include <tfx/keras/layers/concatenate.hpp>
#include <tfx/keras/layers/dense.hpp>
#include <tfx/keras/optimizers/adam.hpp>
#include <tfx/keras/optimizers/sgd.hpp>
#include <tfx/keras/trainer.hpp>
#include <tfx/train/adam.hpp>
#include <tfx/train/gradient_descent.hpp>
#include <tfx/train/momentum.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;
using op_test::flat;
using op_test::same;
using op_test::spread;
using op_test::tensor;

namespace {
auto const x_data = tensor<float, 2>({8, 3}, spread(24, -1, 1));
auto const y_data = tensor<float, 2>({8, 1}, spread(8, -2, 2));
auto const code_data = tensor<float, 2>({8, 4}, spread(32, -1, 1));

auto make_base() { return keras::Sequential<"base">(keras::Input(tf::shape<3>), layers::Dense<4, "feat">()); }
auto kernel_of(auto const& model) { return flat(std::get<0>(model.get_weights())); }
bool trains(auto& trainer) {
  auto const before = kernel_of(trainer.model());
  trainer.train_on_batch(x_data, y_data);
  return !same(kernel_of(trainer.model()), before);
}
}  // namespace

TEST_CASE("models that share weights: a model that is a layer has those of the model around it") {
  auto base = make_base();
  auto const pretrained = kernel_of(base);
  auto full = keras::Sequential<"full">(keras::Input(tf::shape<3>), base, layers::Dense<1, "head">());
  CHECK(same(kernel_of(base), pretrained));
  CHECK(same(kernel_of(full), pretrained));
  auto trainer = full.compile(keras::optimizers::SGD(0.1), keras::loss<"mse">);
  CHECK(trains(trainer));
  CHECK_FALSE(same(kernel_of(base), pretrained));
  CHECK(same(kernel_of(base), kernel_of(full)));
  base.set_weights(std::tuple(xt::xtensor<float, 2>(xt::ones<float>({3, 4})), xt::xtensor<float, 1>{1, 2, 3, 4}));
  CHECK(same(kernel_of(full), std::vector<double>(12, 1.0)));
  CHECK(same(base.predict(xt::xtensor<float, 2>{{1, 1, 1}}), {4, 5, 6, 7}));
  auto weights = full.get_weights();
  std::get<1>(weights) = xt::xtensor<float, 1>{0, 0, 0, 1};
  full.set_weights(weights);
  CHECK(same(base.predict(xt::xtensor<float, 2>{{1, 1, 1}}), {3, 3, 3, 4}));
}

TEST_CASE("models that share weights: they outlive the model that was called, and what made them") {
  std::vector<double> pretrained;
  auto const full = [&] {
    auto const base = make_base();
    pretrained = kernel_of(base);
    auto const x = keras::Input<"x">(tf::shape<3>);
    auto const features = base(x);
    return keras::Model<"full">(x, layers::Dense<1, "head">()(features));
  }();
  CHECK(same(kernel_of(full), pretrained));
  auto const copy = full;
  CHECK(same(kernel_of(copy), pretrained));
}

TEST_CASE("models that share weights: those of each call of a function are its own") {
  auto const first = make_base(), second = make_base();
  CHECK_FALSE(same(kernel_of(first), kernel_of(second)));
  auto const make = [] {
    auto const x = keras::Input(tf::shape<3>);
    return keras::Model(x, layers::Dense<4>()(x));
  };
  auto const third = make(), fourth = make();
  CHECK_FALSE(same(kernel_of(third), kernel_of(fourth)));
  // A model that is gone leaves nothing behind where it was made of what stays.
  auto const base = make_base();
  std::vector<double> heads[2];
  for (auto& head : heads) {
    auto const full = keras::Sequential(keras::Input(tf::shape<3>), base, layers::Dense<1, "head">());
    CHECK(same(kernel_of(full), kernel_of(base)));
    head = flat(std::get<2>(full.get_weights()));
  }
  CHECK_FALSE(same(heads[0], heads[1]));
}

TEST_CASE("models that share weights: an encoder and the model that calls it") {
  auto const encoder = keras::Sequential<"encoder">(keras::Input(tf::shape<3>), layers::Dense<2, "code">());
  auto const before = kernel_of(encoder);
  auto const x = keras::Input<"x">(tf::shape<3>);
  auto autoencoder = keras::Model<"autoencoder">(x, layers::Dense<3, "out">()(encoder(x)));
  CHECK(same(kernel_of(autoencoder), before));
  auto trainer = autoencoder.compile(keras::optimizers::Adam(0.1), keras::loss<"mse">);
  trainer.fit(x_data, x_data, {.epochs = 2, .verbose = 0});
  CHECK_FALSE(same(kernel_of(encoder), before));
  CHECK(same(kernel_of(encoder), kernel_of(autoencoder)));
}

TEST_CASE("models that share weights: those of the same expressions do not") {
  auto const x = keras::Input(tf::shape<3>);
  auto const code = layers::Dense<2, "code">()(x);
  auto const out = layers::Dense<3, "out">()(code);
  auto const first = keras::Model(x, out);
  auto again = keras::Model(x, out);
  auto const part = keras::Model(x, code);
  CHECK_FALSE(same(kernel_of(first), kernel_of(again)));
  CHECK_FALSE(same(kernel_of(first), kernel_of(part)));
  again.set_weights(first.get_weights());
  CHECK(same(again.predict(x_data), flat(first.predict(x_data))));
  auto const one = keras::Sequential(x, layers::Dense<2>()), other = keras::Sequential(x, layers::Dense<2>());
  CHECK_FALSE(same(kernel_of(one), kernel_of(other)));
}

TEST_CASE("models that share weights: a generator and a critic, each with a trainer and an optimizer of its own") {
  auto generator = keras::Sequential<"generator">(keras::Input<"noise">(tf::shape<4>), layers::Dense<3, "made">());
  auto critic = keras::Sequential<"critic">(keras::Input<"seen">(tf::shape<3>), layers::Dense<1, "judged">());
  auto judge = critic.compile(keras::optimizers::SGD<"critic">(0.1), keras::loss<"mse">);
  auto const noise = keras::Input<"noise">(tf::shape<4>);
  auto both = keras::Model<"both">(noise, critic(generator(noise)));
  auto cheat = both.compile(keras::optimizers::SGD<"both">(0.1), keras::loss<"mse">);
  CHECK(&both.session() == &generator.session());
  CHECK(&both.session() == &critic.session());
  auto const made = kernel_of(generator), judged = kernel_of(critic);
  judge.train_on_batch(x_data, y_data);
  CHECK(same(kernel_of(generator), made));
  auto const learned = kernel_of(critic);
  CHECK_FALSE(same(learned, judged));
  cheat.train_on_batch(code_data, y_data);
  CHECK_FALSE(same(kernel_of(generator), made));
  CHECK_FALSE(same(kernel_of(critic), learned));
  CHECK(same(both.predict(code_data), flat(critic.predict(generator.predict(code_data)))));
  judge.train_on_batch(x_data, y_data);
}

TEST_CASE("models that share weights: what cannot be told apart is refused") {
  auto const x = keras::Input(tf::shape<3>);
  auto const left = make_base(), right = make_base();
  auto const a = left(x);
  auto const b = right(x);
  CHECK_THROWS_WITH_AS(keras::Model(x, layers::Concatenate()(a, b)), doctest::Contains("two models that are alike"),
                       tf::errors::InvalidArgumentError);
  auto const bent =
      keras::Sequential<"bent">(keras::Input(tf::shape<3>), layers::Dense<4, "feat">(keras::activation<"tanh">));
  auto const c = bent(x);
  CHECK_THROWS_WITH_AS(keras::Model(x, layers::Concatenate()(a, c)), doctest::Contains("feat/kernel"),
                       tf::errors::InvalidArgumentError);
  CHECK_FALSE(same(kernel_of(left), kernel_of(right)));  // as they were
  auto const first = keras::Sequential(keras::Input(tf::shape<3>), left, layers::Dense<1, "head">());
  CHECK_THROWS_WITH_AS(keras::Sequential(keras::Input(tf::shape<3>), left, layers::Dense<1, "head">()),
                       doctest::Contains("head/kernel"), tf::errors::InvalidArgumentError);
}

TEST_CASE("trainers of one model: an older one refuses where the newer one has its optimizer's variables") {
  auto model = keras::Sequential(keras::Input(tf::shape<3>), layers::Dense<1>());
  auto const message = doctest::Contains("the model, or one that it shares weights with, was compiled again");
  auto first = model.compile(keras::optimizers::SGD(0.1), keras::loss<"mse">);
  CHECK(trains(first));
  auto second = model.compile(keras::optimizers::SGD(0.0), keras::loss<"mse">);
  auto const before = kernel_of(model);
  CHECK_THROWS_WITH_AS(first.train_on_batch(x_data, y_data), message, tf::errors::FailedPreconditionError);
  CHECK_THROWS_WITH_AS(first.fit(x_data, y_data, {.verbose = 0}), message, tf::errors::FailedPreconditionError);
  CHECK_FALSE(trains(second));
  CHECK(first.test_on_batch(x_data, y_data) == second.test_on_batch(x_data, y_data));
  CHECK(same(kernel_of(model), before));
  auto third = model.compile(tf::train::MomentumOptimizer(0.1, 0.9), keras::loss<"mse">);
  auto fourth = model.compile(tf::train::MomentumOptimizer(0.2, 0.9), keras::loss<"mse">);
  CHECK_THROWS_WITH_AS(third.train_on_batch(x_data, y_data), message, tf::errors::FailedPreconditionError);
  auto fifth = model.compile(tf::train::AdamOptimizer(), keras::loss<"mse">);
  auto sixth = model.compile(tf::train::AdamOptimizer(0.1), keras::loss<"mse">);
  CHECK_THROWS_WITH_AS(fifth.train_on_batch(x_data, y_data), message, tf::errors::FailedPreconditionError);
  CHECK(trains(fourth));
  CHECK(trains(sixth));
}

TEST_CASE("trainers of one model: optimizers of two names, or that keep nothing, train in turn") {
  auto model = keras::Sequential(keras::Input(tf::shape<3>), layers::Dense<1>());
  auto slow = model.compile(keras::optimizers::SGD<"slow">(0.0, {.momentum = 0.9}), keras::loss<"mse">);
  auto fast = model.compile(keras::optimizers::SGD<"fast">(0.1, {.momentum = 0.9}), keras::loss<"mse">);
  CHECK_FALSE(trains(slow));
  CHECK(trains(fast));
  CHECK_FALSE(trains(slow));
  auto still = model.compile(tf::train::GradientDescentOptimizer(0.0), keras::loss<"mse">);
  auto moving = model.compile(tf::train::GradientDescentOptimizer(0.1), keras::loss<"mse">);
  CHECK_FALSE(trains(still));
  CHECK(trains(moving));
  CHECK(trains(fast));
}
