// SPDX-License-Identifier: Apache-2.0
// error: fit_is_given_what_is_no_array
// error: what a model is given are arrays
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
#ifdef REFUSED
  trainer.evaluate(model, y);
#else
  trainer.evaluate(x, y);
#endif
}
