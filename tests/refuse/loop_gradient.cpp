// SPDX-License-Identifier: Apache-2.0
// error: gradient_needs_maximum_iterations
// error: loop_op
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<>);
  auto smaller = [](auto y) { return tf::less(y, 10.0f); };
  auto twice = [](auto y) { return y + y; };
#ifdef REFUSED
  auto y = tf::while_loop(smaller, twice, x);
#else
  auto y = tf::while_loop(tf::maximum_iterations<9>, smaller, twice, x);
#endif
  auto [dx] = tf::gradients(y, x);
  tf::Session().run(dx, x = 1.0f);
}
