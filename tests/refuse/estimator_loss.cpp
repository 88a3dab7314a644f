// SPDX-License-Identifier: Apache-2.0
// error: loss_must_be_a_scalar
// error: shape_t<3>
#include <tfx/estimator.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;

// The losses of all examples are not yet a loss.
int main() {
  auto w = tf::get_variable<"w">(tf::shape<3>, tf::zeros_initializer());
#ifdef REFUSED
  tf::estimator::EstimatorSpec spec(tf::square(w - 1.0f), tf::train::GradientDescentOptimizer(0.1f));
#else
  tf::estimator::EstimatorSpec spec(tf::reduce_sum(tf::square(w - 1.0f)), tf::train::GradientDescentOptimizer(0.1f));
#endif
}
