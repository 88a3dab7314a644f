// SPDX-License-Identifier: Apache-2.0
// error: class_weight is for models of one output
#include <tfx/keras/layers/dense.hpp>
#include <tfx/keras/trainer.hpp>
#include <tfx/tfx.hpp>
#include <xtensor/xtensor.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;

int main() {
  auto const in = keras::Input(tf::shape<3>);
  auto model = keras::Model(in, keras::outputs(layers::Dense<1, "a">()(in), layers::Dense<1, "b">()(in)));
  auto trainer = model.compile(tf::train::GradientDescentOptimizer(0.1f), keras::loss<"mse">);
  xt::xtensor<float, 2> x = xt::ones<float>({5, 3}), y = xt::ones<float>({5, 1});
  std::vector<float> w(5, 1.0f);
#ifdef REFUSED
  trainer.fit(x, keras::outputs(y, y), {}, keras::class_weight = {1.0, 2.0});
#else
  trainer.fit(x, keras::outputs(y, y), {}, keras::sample_weight = w);
#endif
}
