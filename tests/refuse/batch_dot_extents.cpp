// SPDX-License-Identifier: Apache-2.0
// error: shape_mismatch
// error: batch_dot_op
// error: 2,3
// error: 2,4,5
#include <tfx/op/math/batch_dot.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::zeros(tf::shape<2, 3>);
#ifdef REFUSED
  auto y = tf::zeros(tf::shape<2, 4, 5>);
#else
  auto y = tf::zeros(tf::shape<2, 4, 3>);
#endif
  tf::Session().run(tf::batch_dot(x, y, tf::axes<1, 2>));
}
