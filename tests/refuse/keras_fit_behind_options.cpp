// SPDX-License-Identifier: Apache-2.0
// error: fit takes validation(x, y), sample_weight = w, class_weight = {...} and callbacks behind its options
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
  trainer.fit(x, y, {}, x);
#else
  trainer.fit(x, y, {}, keras::validation(x, y));
#endif
}
