// SPDX-License-Identifier: Apache-2.0
// A functional model of two inputs: do two drawn digits show the same number? One layer reads both pictures.
#include <cstdio>
#include <tfx/data/plot.hpp>
#include <tfx/data/progress.hpp>
#include <tfx/keras.hpp>
#include <tfx/tfx.hpp>
#include "keras_options.hpp"
namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;

/// Pairs of digits, half of them alike.
struct pairs {
  xt::xtensor<float, 2> left, right;
  xt::xtensor<float, 1> alike;

  template <class Digits>
  pairs(Digits const& digits, std::size_t count)
      : left({count, 784}), right({count, 784}), alike(std::array<std::size_t, 1>{count}) {
    std::size_t const all = digits.labels.size();
    for (std::size_t i = 0; i < count; ++i) {
      std::size_t const a = i % all;
      std::size_t b = (i * 7919 + 1) % all;
      bool const wanted = i % 2 == 0;
      while ((digits.labels(a) == digits.labels(b)) != wanted) b = (b + 1) % all;
      std::copy_n(digits.images.data() + 784 * a, 784, left.data() + 784 * i);
      std::copy_n(digits.images.data() + 784 * b, 784, right.data() + 784 * i);
      alike(i) = wanted ? 1.0f : 0.0f;
    }
  }
};

int main(int argc, char** argv) {
  keras_options const o = read_keras_options(argc, argv, {6, {}, "/tmp/tfx_logs/keras_two_inputs"});
  auto [train, test] =
      o.data.empty() ? keras::datasets::digits::load_data(6000, 1000) : keras::datasets::mnist::load_data(o.data);
  pairs const seen(train, 12000), unseen(test, 1000);

  auto left = keras::Input<"left">(tf::shape<784>);
  auto right = keras::Input<"right">(tf::shape<784>);
  auto reader = layers::Dense<64, "reader">(keras::activation<"relu">);
  auto a = reader(left);
  auto b = reader(right);
  auto h = layers::Dense<32, "compare">(keras::activation<"relu">)(layers::concatenate(tf::abs(a - b), a * b));
  auto model =
      keras::Model<"twins">(keras::inputs(left, right), layers::Dense<1, "alike">(keras::activation<"sigmoid">)(h));
  std::puts(model.summary().c_str());
  auto trainer =
      model.compile(keras::optimizers::Adam(0.002), keras::loss<"binary_crossentropy">, keras::metrics<"accuracy">);
  auto history = trainer.fit(keras::inputs(seen.left, seen.right), seen.alike, {.epochs = o.epochs, .batch_size = 64},
                             keras::validation(keras::inputs(unseen.left, unseen.right), unseen.alike),
                             keras::callbacks::TensorBoard(o.logs));
  std::puts(tf::data::render_plot(history["val_loss"], {.height = 8, .title = "loss on pairs not trained on"}).c_str());

  auto alike = model.predict(keras::inputs(unseen.left, unseen.right));
  for (std::size_t i = 0; i < 2; ++i) {
    tf::data::show_pictures({{unseen.left.data() + 784 * i, ""}, {unseen.right.data() + 784 * i, ""}});
    std::printf("the same number: %.0f %%\n", 100.0 * static_cast<double>(alike(i, 0)));
  }
}
