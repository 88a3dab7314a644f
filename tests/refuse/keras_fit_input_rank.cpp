// SPDX-License-Identifier: Apache-2.0
// error: an array has the rank of the input, or of what an output is to be, that it is for: [rows, ...]
// error: fit_array_has_another_rank_than
// error: 3>,4>
#include <tfx/keras/layers/dense.hpp>
#include <tfx/keras/trainer.hpp>
#include <tfx/tfx.hpp>
#include <xtensor/xtensor.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;

int main() {
  auto model = keras::Sequential(keras::Input(tf::shape<3>), keras::layers::Dense<2>());
  auto trainer = model.compile(tf::train::GradientDescentOptimizer(0.1f), keras::loss<"mse">);
  xt::xtensor<float, 2> x = xt::ones<float>({5, 3}), y = xt::ones<float>({5, 2});
  xt::xtensor<float, 4> images = xt::ones<float>({5, 3, 1, 1});
#ifdef REFUSED
  trainer.train_on_batch(images, y);
#else
  trainer.train_on_batch(x, y);
#endif
}
