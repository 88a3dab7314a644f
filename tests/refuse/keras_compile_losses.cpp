// SPDX-License-Identifier: Apache-2.0
// error: compile takes one loss for all outputs, or a loss_list of one for each output
#include <tfx/keras/layers/dense.hpp>
#include <tfx/keras/trainer.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;

int main() {
  auto x = keras::Input(tf::shape<3>);
  auto two = keras::Model(x, keras::outputs(keras::layers::Dense<1, "a">()(x), keras::layers::Dense<1, "b">()(x)));
#ifdef REFUSED
  two.compile(tf::train::GradientDescentOptimizer(0.1f), keras::loss_list(keras::loss<"mse">));
#else
  two.compile(tf::train::GradientDescentOptimizer(0.1f), keras::loss_list(keras::loss<"mse">, keras::loss<"mae">));
#endif
}
