// SPDX-License-Identifier: Apache-2.0
// Handwritten digits by a convolutional network in Keras, with callbacks that keep the best weights and stop early.
#include <cstdio>
#include <tfx/data/progress.hpp>
#include <tfx/keras.hpp>
#include <tfx/tfx.hpp>
#include "keras_options.hpp"
namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;

int main(int argc, char** argv) {
  keras_options const o = read_keras_options(argc, argv, {2, {}, "/tmp/tfx_logs/keras_mnist_cnn"});
  auto [train, test] =
      o.data.empty() ? keras::datasets::digits::load_data(6000, 1000) : keras::datasets::mnist::load_data(o.data);

  auto model = keras::Sequential<"cnn">(keras::Input(tf::shape<28, 28, 1>),
                                        layers::Conv2D<32, 3>(keras::activation<"relu">), layers::MaxPooling2D<2>(),
                                        layers::Conv2D<64, 3>(keras::activation<"relu">), layers::MaxPooling2D<2>(),
                                        layers::Flatten(), layers::Dense<128>(keras::activation<"relu">),
                                        layers::Dropout(0.5), layers::Dense<10>(keras::activation<"softmax">));
  std::puts(model.summary().c_str());
  auto trainer = model.compile(keras::optimizers::Adam(), keras::loss<"sparse_categorical_crossentropy">,
                               keras::metrics<"accuracy">);
  tf::io::make_folders(o.logs);
  trainer.fit(train.images, train.labels, {.epochs = o.epochs, .batch_size = 128},
              keras::validation(test.images, test.labels), keras::callbacks::TensorBoard(o.logs),
              keras::callbacks::ModelCheckpoint(o.logs + "/best", {.monitor = "val_loss", .save_best_only = true}),
              keras::callbacks::EarlyStopping({.monitor = "val_loss", .patience = 2, .restore_best_weights = true}));

  auto classes = model.predict_classes(test.images, {.batch_size = 500});
  std::vector<tf::data::picture> pictures;
  for (std::size_t i = 0; i < 4; ++i)
    pictures.push_back({test.images.data() + 784 * i, tf::data::digit_caption(test.labels(i), classes(i))});
  tf::data::show_pictures(pictures);
}
