// SPDX-License-Identifier: Apache-2.0
// error: needs_bool_use_cast
// error: logical_and_op
// error: float
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto a = tf::ones(tf::shape<2>);
#ifdef REFUSED
  auto b = tf::logical_and(a, a);
#else
  auto b = tf::logical_and(a > 0, a < 2);
#endif
  tf::Session().run(b);
}
