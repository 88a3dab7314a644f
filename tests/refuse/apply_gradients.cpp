// SPDX-License-Identifier: Apache-2.0
// error: shape_mismatch
// error: gradient_application
// error: shape_t<2>
// error: shape_t<3>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto w = tf::variable<"w">(tf::zeros(tf::shape<3>));
#ifdef REFUSED
  auto gradient = tf::ones(tf::shape<2>);
#else
  auto gradient = tf::ones(tf::shape<3>);
#endif
  tf::train::GradientDescentOptimizer optimizer(0.5f);
  auto step = optimizer.apply_gradients(std::tuple(gradient), std::tuple(w));
  tf::Graph graph(step);
}
