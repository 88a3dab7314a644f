// SPDX-License-Identifier: Apache-2.0
// Handwritten digits by a multilayer network in Keras: on digits that the program draws, or on MNIST's (--data DIR).
#include <cstdio>
#include <tfx/data/progress.hpp>
#include <tfx/keras.hpp>
#include <tfx/tfx.hpp>
#include "keras_options.hpp"
namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;

int main(int argc, char** argv) {
  keras_options const o = read_keras_options(argc, argv, {3, {}, "/tmp/tfx_logs/keras_mnist_mlp"});
  auto [train, test] =
      o.data.empty() ? keras::datasets::digits::load_data(10000, 2000) : keras::datasets::mnist::load_data(o.data);

  auto model = keras::Sequential<"mlp">(keras::Input(tf::shape<28, 28, 1>), layers::Flatten(),
                                        layers::Dense<128>(keras::activation<"relu">), layers::Dropout(0.2),
                                        layers::Dense<10>(keras::activation<"softmax">));
  std::puts(model.summary().c_str());
  auto trainer = model.compile(keras::optimizers::Adam(0.002), keras::loss<"sparse_categorical_crossentropy">,
                               keras::metrics<"accuracy">);
  trainer.fit(train.images, train.labels, {.epochs = o.epochs, .batch_size = 64},
              keras::validation(test.images, test.labels), keras::callbacks::TensorBoard(o.logs));

  auto classes = model.predict_classes(test.images, {.batch_size = 500});
  std::vector<tf::data::picture> pictures;
  for (std::size_t i = 0; i < 4; ++i)
    pictures.push_back({test.images.data() + 784 * i, tf::data::digit_caption(test.labels(i), classes(i))});
  tf::data::show_pictures(pictures);
}
