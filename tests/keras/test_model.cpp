// SPDX-License-Identifier: Apache-2.0
#include <io/folder.hpp>
#include <support/op_test.hpp>
#include <tfx/keras/activations.hpp>
#include <tfx/keras/layers/batch_normalization.hpp>
#include <tfx/keras/layers/concatenate.hpp>
#include <tfx/keras/layers/dense.hpp>
#include <tfx/keras/layers/dropout.hpp>
#include <tfx/keras/model.hpp>
#include <tfx/keras/optimizers/adam.hpp>
#include <tfx/keras/trainer.hpp>

// Models: what layers are called, what is known of them, and their weights.

namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;
using io_test::folder;
using io_test::message;
using op_test::same;

namespace {
auto mlp() {
  return keras::Sequential<"net">(keras::Input(tf::shape<3>), layers::Dense<4>(keras::activation<"relu">),
                                  layers::Dropout(0.5), layers::Dense<2>(), layers::BatchNormalization());
}
/// Two inputs, a layer that is used twice, an op between layers.
auto twins() {
  auto const left = keras::Input<"left">(tf::shape<3>);
  auto const right = keras::Input<"right">(tf::shape<3>);
  auto const shared = layers::Dense<4, "shared">();
  auto const both = layers::concatenate(shared(left), shared(right));
  auto const h = layers::Dense<8, "mix">(keras::use_bias<false>, keras::trainable<false>)(both);
  return keras::Model<"twins">(keras::inputs(left, right),
                               keras::outputs(layers::Dense<1, "a">()(h), layers::Dense<2, "b">()(h + both)));
}
template <class Model>
std::vector<double> all_weights(Model const& model) {
  std::vector<double> all;
  std::apply(
      [&](auto const&... w) {
        auto const add = [&](auto const& one) {
          for (double v : op_test::flat(one)) all.push_back(v);
        };
        (add(w), ...);
      },
      model.get_weights());
  return all;
}
}  // namespace

TEST_CASE("model: summary of a sequential model, as Keras writes it") {
  auto const model = mlp();
  static_assert(decltype(model)::parameter_count == 16 + 10 + 8);
  static_assert(decltype(model)::trainable_count == 16 + 10 + 4);
  CHECK(model.summary() ==
        "Model: \"net\"\n"
        "_________________________________________________________________\n"
        "Layer (type)                 Output Shape              Param #   \n"
        "=================================================================\n"
        "input_1 (InputLayer)         (None, 3)                 0         \n"
        "_________________________________________________________________\n"
        "dense (Dense)                (None, 4)                 16        \n"
        "_________________________________________________________________\n"
        "dropout (Dropout)            (None, 4)                 0         \n"
        "_________________________________________________________________\n"
        "dense_1 (Dense)              (None, 2)                 10        \n"
        "_________________________________________________________________\n"
        "batch_normalization (BatchNo (None, 2)                 8         \n"
        "=================================================================\n"
        "Total params: 34\n"
        "Trainable params: 30\n"
        "Non-trainable params: 4\n"
        "_________________________________________________________________\n");
}

TEST_CASE("model: summary of a functional model tells what each layer reads") {
  auto const model = twins();
  static_assert(decltype(model)::parameter_count == 16 + 64 + 9 + 18);
  static_assert(decltype(model)::trainable_count == 16 + 9 + 18);
  std::string const line(98, '_');
  CHECK(model.summary() ==
        "Model: \"twins\"\n" + line +
            "\n"
            "Layer (type)                    Output Shape         Param #     Connected to                     \n" +
            std::string(98, '=') +
            "\n"
            "left (InputLayer)               (None, 3)            0                                            \n" +
            line +
            "\n"
            "right (InputLayer)              (None, 3)            0                                            \n" +
            line +
            "\n"
            "shared (Dense)                  (None, 4)            16          left                             \n"
            "                                                                 right                            \n" +
            line +
            "\n"
            "concatenate (Concatenate)       (None, 8)            0           shared                           \n"
            "                                                                 shared                           \n" +
            line +
            "\n"
            "mix (Dense)                     (None, 8)            64          concatenate                      \n" +
            line +
            "\n"
            "a (Dense)                       (None, 1)            9           mix                              \n" +
            line +
            "\n"
            "b (Dense)                       (None, 2)            18          Add                              \n" +
            std::string(98, '=') + "\nTotal params: 107\nTrainable params: 43\nNon-trainable params: 64\n" + line +
            "\n");
}

TEST_CASE("model: a layer that is used twice has one set of weights, and outputs come as a tuple") {
  auto model = twins();
  auto weights = model.get_weights();
  static_assert(std::tuple_size_v<decltype(weights)> == 2 + 1 + 2 + 2);
  auto const x = op_test::tensor<float, 2>({5, 3}, op_test::spread(15, -1, 1));
  auto const zeros = op_test::tensor<float, 2>({5, 3}, std::vector<double>(15, 0));
  xt::xtensor<float, 2> const no_rows(std::array<std::size_t, 2>{0, 3});
  CHECK(std::get<1>(model.predict(keras::inputs(no_rows, no_rows))).shape()[0] == 0);
  CHECK_THROWS_AS(model.predict(keras::inputs(x, no_rows)), tf::errors::InvalidArgumentError);
  auto const [a, b] = model.predict(keras::inputs(x, zeros), {.batch_size = 2});
  auto const& [kernel, bias, mix, ka, ba, kb, bb] = weights;
  for (std::size_t i = 0; i < 5; ++i) {
    std::vector<double> both(8), h(8);
    for (std::size_t k = 0; k < 4; ++k) {
      both[k] = double(bias(k));
      for (std::size_t j = 0; j < 3; ++j) both[k] += double(x(i, j)) * double(kernel(j, k));
      both[4 + k] = double(bias(k));
    }
    for (std::size_t k = 0; k < 8; ++k)
      for (std::size_t j = 0; j < 8; ++j) h[k] += both[j] * double(mix(j, k));
    double ya = double(ba(0)), yb = double(bb(1));
    for (std::size_t k = 0; k < 8; ++k) ya += h[k] * double(ka(k, 0));
    for (std::size_t k = 0; k < 8; ++k) yb += (h[k] + both[k]) * double(kb(k, 1));
    CHECK(double(a(i, 0)) == doctest::Approx(ya).epsilon(1e-5));
    CHECK(double(b(i, 1)) == doctest::Approx(yb).epsilon(1e-5));
  }
}

TEST_CASE("model: weights by value; one of another shape is refused, and none is set") {
  auto model = mlp(), other = mlp();
  CHECK_FALSE(all_weights(model) == all_weights(other));  // each draws its own
  other.set_weights(model.get_weights());
  CHECK(all_weights(model) == all_weights(other));
  auto wrong = model.get_weights();
  std::get<0>(wrong).fill(7);
  std::get<3>(wrong) = xt::ones<float>({3});
  auto const before = all_weights(model);
  CHECK(message<tf::errors::InvalidArgumentError>([&] { model.set_weights(wrong); }) ==
        "set_weights: weight dense_1/bias is of shape [2], and the array of shape [3]");
  CHECK(all_weights(model) == before);
}

TEST_CASE("model: weights by file, in each format") {
  folder const dir;
  for (std::string const name : {"w", "w.npz", "w.safetensors"}) {
    CAPTURE(name);
    auto model = mlp(), other = mlp();
    auto const saved = all_weights(model);
    model.save_weights(dir / name);
    other.load_weights(dir / name);
    CHECK(all_weights(other) == saved);
    CHECK(all_weights(model) == saved);
  }
  auto const kernel = tf::train::load_variable<float, 2>(dir / "w", "dense_1/kernel");
  CHECK(kernel.shape()[0] == 4);
}

TEST_CASE("model: files that are not there or hold something else are refused, and nothing is set") {
  folder const dir;
  auto model = mlp();
  auto const before = all_weights(model);
  CHECK(message<tf::errors::NotFoundError>([&] { model.load_weights(dir / "none"); }).find("none") !=
        std::string::npos);
  CHECK(message<tf::errors::NotFoundError>([&] { model.load_weights(dir / "none.npz"); }).find("none.npz") !=
        std::string::npos);
  CHECK_THROWS_AS(model.save_weights(dir / "nowhere/w"), tf::errors::NotFoundError);

  // Another model has the first layer, but no second one; a third has it in another shape.
  auto const shorter = keras::Sequential(keras::Input(tf::shape<3>), layers::Dense<4>());
  auto const wider = keras::Sequential(keras::Input(tf::shape<3>), layers::Dense<4>(), layers::Dense<5>(),
                                       layers::BatchNormalization());
  for (std::string const end : {"", ".npz", ".safetensors"}) {
    CAPTURE(end);
    shorter.save_weights(dir / ("shorter" + end));
    CHECK(message<tf::errors::NotFoundError>([&] { model.load_weights(dir / ("shorter" + end)); }).find("dense_1/") !=
          std::string::npos);
    wider.save_weights(dir / ("wider" + end));
    std::string const why =
        message<tf::errors::InvalidArgumentError>([&] { model.load_weights(dir / ("wider" + end)); });
    CAPTURE(why);
    CHECK((why.find("dense_1/") != std::string::npos || why.find("batch_normalization/") != std::string::npos));
    CHECK(all_weights(model) == before);
  }
}

TEST_CASE("model: weights of a model with more layers are refused, those beside an optimizer's are not") {
  folder const dir;
  auto model = mlp();
  auto const before = all_weights(model);
  auto const deeper =
      keras::Sequential(keras::Input(tf::shape<3>), layers::Dense<4>(), layers::Dense<2>(), layers::Dense<2, "top">());
  auto const beside = mlp().compile(keras::optimizers::Adam(0.1), keras::loss<"mse">);
  auto trainer = model.compile(keras::optimizers::Adam(0.1), keras::loss<"mse">);
  for (std::string const end : {"", ".npz", ".safetensors"}) {
    CAPTURE(end);
    deeper.save_weights(dir / ("deeper" + end));
    std::string const why =
        message<tf::errors::InvalidArgumentError>([&] { model.load_weights(dir / ("deeper" + end)); });
    CAPTURE(why);
    CHECK(why.find("holds weights of another model: this one has no top/") != std::string::npos);
    CHECK(why.find("load_weights: ") == 0);
    auto const whole = deeper.compile(keras::optimizers::Adam(0.1), keras::loss<"mse">);
    whole.save(dir / ("whole" + end));
    CHECK(message<tf::errors::InvalidArgumentError>([&] { trainer.load(dir / ("whole" + end)); }).find("load: ") == 0);
    CHECK(all_weights(model) == before);
    beside.save(dir / ("beside" + end));
    auto other = mlp();
    other.load_weights(dir / ("beside" + end));
    CHECK(all_weights(other) == all_weights(beside.model()));
  }
}

TEST_CASE("model: a path without a file's name is refused, and nothing is written") {
  folder const dir;
  auto model = mlp();
  for (std::string const& path : {std::string(), dir / "", dir / ".npz", dir / ".safetensors"})
    CHECK(message<tf::errors::InvalidArgumentError>([&] { model.save_weights(path); }) ==
          "Can't save to '" + path + "': a path ends in the name of a file.");
  CHECK(dir.files() == 0);
}

TEST_CASE("model: one that is moved or copied keeps its weights; copies share them") {
  auto model = mlp();
  auto const x = op_test::tensor<float, 2>({4, 3}, op_test::spread(12, -1, 1));
  auto const y = op_test::flat(model.predict(x));
  auto copy = model;
  auto moved = std::move(model);
  CHECK(same(moved.predict(x), y));
  auto values = copy.get_weights();
  std::get<2>(values).fill(0);
  copy.set_weights(values);
  CHECK(same(moved.predict(x), std::vector<double>(8, 0)));
}

TEST_CASE("model: predict takes any numbers of rows, other dtypes and orders; none is none") {
  auto const model = mlp();
  auto const x = op_test::tensor<double, 2>({7, 3}, op_test::spread(21, -1, 1));
  auto const y = op_test::flat(model.predict(x, {.batch_size = 3}));
  CHECK(y.size() == 14);
  CHECK(same(model.predict(xt::xtensor<float, 2, xt::layout_type::column_major>(x)), y));
  CHECK(same(model.predict(xt::xtensor<float, 2>(x), {.batch_size = 100}), y));
  auto const none = model.predict(xt::xtensor<float, 2>(std::array<std::size_t, 2>{0, 3}));
  CHECK((none.shape()[0] == 0 && none.shape()[1] == 2));
  CHECK_THROWS_AS(model.predict(xt::xtensor<float, 2>(xt::ones<float>({2, 4}))), tf::errors::InvalidArgumentError);
  CHECK_THROWS_AS(model.predict(x, {.batch_size = 0}), tf::errors::InvalidArgumentError);
  auto const classes = model.predict_classes(x);
  for (std::size_t i = 0; i < 7; ++i) CHECK(classes(i) == (y[2 * i + 1] > y[2 * i] ? 1 : 0));
}

namespace {
auto block(auto const& x) { return layers::Dense<4>()(x); }
}  // namespace

TEST_CASE("models: a layer without a name is one by the place that made it") {
  auto const x = keras::Input(tf::shape<6>);
  auto const left = layers::Dense<4>()(x);
  auto const right = layers::Dense<4>()(x);
  static_assert(!std::is_same_v<decltype(left), decltype(right)>);
  // In two models they may have one name.
  CHECK(keras::Model(x, left).summary().find("dense (Dense)") != std::string::npos);
  auto const second = keras::Model(x, right);
  CHECK(second.summary().find("dense (Dense)") != std::string::npos);
  CHECK(second.predict(xt::xtensor<float, 2>(xt::zeros<float>({2, 6}))).shape()[1] == 4);
  // One object, and what one line of a function makes, are one layer.
  auto const shared = layers::Dense<4>();
  static_assert(std::is_same_v<decltype(shared(x)), decltype(shared(x))>);
  static_assert(std::is_same_v<decltype(block(x)), decltype(block(x))>);
  static_assert(std::is_same_v<decltype(layers::Dense<4, "n">()(x)), decltype(layers::Dense<4, "n">()(x))>);
  // Two that live at once have weights of their own, though of one Input and one name.
  auto const first = keras::Model(x, left);
  CHECK(std::get<0>(first.get_weights()) != std::get<0>(second.get_weights()));
}
