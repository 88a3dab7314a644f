// SPDX-License-Identifier: Apache-2.0
// error: no_variables_to_optimize
// error: multiply_op
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<>);
  auto w = tf::variable<"w">(tf::zeros(tf::shape<>));
#ifdef REFUSED
  auto loss = x * x;
#else
  auto loss = x * w;
#endif
  tf::Session().run(tf::train::GradientDescentOptimizer(0.5f).minimize(loss), x = 1.0f);
}
