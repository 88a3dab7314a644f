// SPDX-License-Identifier: Apache-2.0
// error: a batch is (x, y) or (x, y, sample_weight)
#include <tfx/keras/layers/dense.hpp>
#include <tfx/keras/trainer.hpp>
#include <tfx/tfx.hpp>
#include <xtensor/xtensor.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;

int main() {
  auto model = keras::Sequential(keras::Input(tf::shape<3>), keras::layers::Dense<2>());
  auto trainer = model.compile(tf::train::GradientDescentOptimizer(0.1f), keras::loss<"mse">);
  using rows = xt::xtensor<float, 2>;
#ifdef REFUSED
  std::vector<std::tuple<rows, rows, rows, rows>> batches;
#else
  std::vector<std::tuple<rows, rows>> batches;
#endif
  trainer.fit_generator(batches);
}
