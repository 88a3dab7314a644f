// SPDX-License-Identifier: Apache-2.0
// error: fit_has_another_number_of_arrays
// error: a model is given an array for each input, x or keras::inputs(a, b), and an array for each output
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
  trainer.fit(keras::inputs(x, x), y);
#else
  trainer.fit(x, y);
#endif
}
