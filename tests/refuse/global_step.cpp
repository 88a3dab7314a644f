// SPDX-License-Identifier: Apache-2.0
// error: a global step is a scalar variable of whole numbers
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto w = tf::variable<"w">(tf::zeros(tf::shape<3>));
#ifdef REFUSED
  auto steps = tf::variable<"steps">(tf::zeros(tf::shape<>));
#else
  auto steps = tf::variable<"steps">(tf::zeros<int>(tf::shape<>));
#endif
  auto step = tf::train::GradientDescentOptimizer(0.5f).minimize(tf::reduce_sum(w), tf::global_step = steps);
  tf::Graph graph(step);
}
