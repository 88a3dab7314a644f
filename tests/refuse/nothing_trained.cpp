// SPDX-License-Identifier: Apache-2.0
// error: no_variables_to_optimize
// error: reduce_sum_op
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
#ifdef REFUSED
  auto w = tf::variable<"w">(tf::zeros(tf::shape<3>), tf::trainable<false>);
#else
  auto w = tf::variable<"w">(tf::zeros(tf::shape<3>));
#endif
  auto step = tf::train::GradientDescentOptimizer(0.5f).minimize(tf::reduce_sum(w));
  tf::Graph graph(step);
}
