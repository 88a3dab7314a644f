// SPDX-License-Identifier: Apache-2.0
// error: No variables to optimize.
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto w = tf::variable<"w">(tf::zeros(tf::shape<3>));
  tf::train::GradientDescentOptimizer optimizer(0.5f);
#ifdef REFUSED
  auto step = optimizer.minimize(tf::reduce_sum(w), tf::var_list = std::tuple());
#else
  auto step = optimizer.minimize(tf::reduce_sum(w), tf::var_list = std::tuple(w));
#endif
  tf::Graph graph(step);
}
