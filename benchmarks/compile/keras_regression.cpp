// SPDX-License-Identifier: Apache-2.0
// The linear regression of linear_regression.cpp as a Keras model: fit, evaluate, predict.
#include <cstdio>
#include <tfx/keras.hpp>
#include <tfx/tfx.hpp>
#include <xtensor/xtensor.hpp>
namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;

int main() {
  xt::xtensor<float, 2> x_data({2000, 3});
  auto y_data = xt::xtensor<float, 1>::from_shape({2000});
  for (std::size_t i = 0; i < 2000; ++i) {
    for (std::size_t j = 0; j < 3; ++j) x_data(i, j) = static_cast<float>((i * 7 + j * 13) % 31) / 15.0f - 1.0f;
    y_data(i) = 0.3f * x_data(i, 0) + 0.5f * x_data(i, 1) + 0.1f * x_data(i, 2) - 0.2f;
  }

  auto model = keras::Sequential(keras::Input(tf::shape<3>), layers::Dense<1>());
  auto trainer = model.compile(keras::optimizers::SGD(0.1f), keras::loss<"mse">);
  trainer.fit(x_data, y_data, {.epochs = 10, .batch_size = 32});
  auto [kernel, bias] = model.get_weights();
  std::printf("%.2f %.2f %.2f, %.2f\n", kernel(0, 0), kernel(1, 0), kernel(2, 0), bias(0));
}
