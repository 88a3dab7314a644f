// SPDX-License-Identifier: Apache-2.0
// A classifier of sequences as a Keras model: an embedding, an LSTM, a dense layer, trained by Adam.
#include <cstdio>
#include <tfx/keras.hpp>
#include <tfx/tfx.hpp>
#include <xtensor/xtensor.hpp>
namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;

int main() {
  auto words = xt::xtensor<int, 2>::from_shape({256, 20});
  auto labels = xt::xtensor<float, 1>::from_shape({256});
  for (std::size_t i = 0; i < words.size(); ++i) words.data()[i] = static_cast<int>(i * 37 % 1000);
  for (std::size_t i = 0; i < labels.size(); ++i) labels(i) = static_cast<float>(i % 2);

  auto model = keras::Sequential(keras::Input<"words", int>(tf::shape<20>), layers::Embedding<1000, 32>(),
                                 layers::LSTM<32>(), layers::Dense<1>(keras::activation<"sigmoid">));
  auto trainer =
      model.compile(keras::optimizers::Adam(), keras::loss<"binary_crossentropy">, keras::metrics<"accuracy">);
  trainer.fit(words, labels, {.epochs = 1, .batch_size = 32});
  auto [loss, accuracy] = trainer.evaluate(words, labels);
  std::printf("%.4f %.4f\n", static_cast<double>(loss), static_cast<double>(accuracy));
}
