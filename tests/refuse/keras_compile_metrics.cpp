// SPDX-License-Identifier: Apache-2.0
// error: compile takes an output_metrics that has metrics for each output, metrics<> for none
#include <tfx/keras/layers/dense.hpp>
#include <tfx/keras/trainer.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;

int main() {
  auto x = keras::Input(tf::shape<3>);
  auto two = keras::Model(x, keras::outputs(keras::layers::Dense<1, "a">()(x), keras::layers::Dense<1, "b">()(x)));
#ifdef REFUSED
  two.compile(tf::train::GradientDescentOptimizer(0.1f), keras::loss<"mse">,
              keras::output_metrics(keras::metrics<"mae">));
#else
  two.compile(tf::train::GradientDescentOptimizer(0.1f), keras::loss<"mse">,
              keras::output_metrics(keras::metrics<"mae">, keras::metrics<>));
#endif
}
