// SPDX-License-Identifier: Apache-2.0
// error: shape_mismatch
// error: matmul_op
// error: 2,4
// error: 3,5
#include <tfx/tfx.hpp>

namespace tf = tfx;

// A placeholder without a shape takes that of what is fed, and the graph is judged again.
int main() {
  auto x = tf::placeholder<"x", float>();
  auto y = tf::matmul(x, tf::zeros(tf::shape<3, 5>));
#ifdef REFUSED
  tf::Session().run(y, x = {{1, 2, 3, 4}, {5, 6, 7, 8}});
#else
  tf::Session().run(y, x = {{1, 2, 3}, {5, 6, 7}});
#endif
}
