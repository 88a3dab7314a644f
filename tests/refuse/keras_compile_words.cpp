// SPDX-License-Identifier: Apache-2.0
// error: compile takes keras::optimizers::SGD(0.1), or another, and keras::loss<
#include <tfx/keras/layers/dense.hpp>
#include <tfx/keras/trainer.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;

int main() {
  auto x = keras::Input(tf::shape<3>);
  auto two = keras::Model(x, keras::outputs(keras::layers::Dense<1, "a">()(x), keras::layers::Dense<1, "b">()(x)));
#ifdef REFUSED
  two.compile("sgd", "mse");
#else
  two.compile(tf::train::GradientDescentOptimizer(0.1f), keras::loss<"mse">);
#endif
}
