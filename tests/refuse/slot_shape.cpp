// SPDX-License-Identifier: Apache-2.0
// error: nothing_tells_shape_of
// error: weights
#include <tfx/tfx.hpp>

namespace tf = tfx;

// What an optimizer keeps beside a variable has the shape of the variable's initial value. This one has none.
int main() {
  xt::xtensor<float, 1> start = {1.0f, 2.0f};
#ifdef REFUSED
  auto w = tf::variable<"weights">(tf::zeros(tf::shape<tf::dyn>));
#else
  auto w = tf::variable<"weights">(tf::constant(start));
#endif
  auto step = tf::train::MomentumOptimizer(0.1f, 0.9f).minimize(tf::reduce_sum(w));
  tf::Session sess;
  sess.run(tf::global_variables_initializer(step));
  sess.run(step);
}
