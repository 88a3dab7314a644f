// SPDX-License-Identifier: Apache-2.0
// The convolutional network for MNIST as a Keras model, trained by Adam.
#include <cstdio>
#include <tfx/keras.hpp>
#include <tfx/tfx.hpp>
#include <xtensor/xtensor.hpp>
namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;

int main() {
  auto images = xt::xtensor<float, 4>::from_shape({256, 28, 28, 1});
  auto labels = xt::xtensor<int, 1>::from_shape({256});
  for (std::size_t i = 0; i < images.size(); ++i) images.data()[i] = static_cast<float>(i * 37 % 101) / 101.0f;
  for (std::size_t i = 0; i < labels.size(); ++i) labels(i) = static_cast<int>(i % 10);

  auto model = keras::Sequential(
      keras::Input(tf::shape<28, 28, 1>), layers::Conv2D<32, 3, 3>(keras::activation<"relu">),
      layers::MaxPooling2D<2, 2>(), layers::Conv2D<64, 3, 3>(keras::activation<"relu">), layers::MaxPooling2D<2, 2>(),
      layers::Flatten(), layers::Dropout(0.5f), layers::Dense<10>(keras::activation<"softmax">));
  auto trainer = model.compile(keras::optimizers::Adam(), keras::loss<"sparse_categorical_crossentropy">,
                               keras::metrics<"accuracy">);
  trainer.fit(images, labels, {.epochs = 1, .batch_size = 64});
  auto [loss, accuracy] = trainer.evaluate(images, labels);
  std::printf("%.4f %.4f\n", static_cast<double>(loss), static_cast<double>(accuracy));
}
