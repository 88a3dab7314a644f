// SPDX-License-Identifier: Apache-2.0
// error: shape_mismatch
// error: add_op
// error: 2,3
// error: 2,4
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto a = tf::zeros(tf::shape<2, 3>);
#ifdef REFUSED
  auto b = tf::zeros(tf::shape<2, 4>);
#else
  auto b = tf::zeros(tf::shape<2, 1>);
#endif
  tf::Session().run(a + b);
}
