// SPDX-License-Identifier: Apache-2.0
// error: has_no_gradient
// error: reduce_sum_op
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<3>);
  auto w = tf::variable<"w">(tf::zeros(tf::shape<3>));
#ifdef REFUSED
  auto loss = tf::reduce_sum(x * tf::stop_gradient(w));
#else
  auto loss = tf::reduce_sum(x * w);
#endif
  tf::Session().run(tf::train::GradientDescentOptimizer(0.5f).minimize(loss), x = {1, 2, 3});
}
