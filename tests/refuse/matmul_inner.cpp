// SPDX-License-Identifier: Apache-2.0
// error: shape_mismatch
// error: matmul_op
// error: 2,3
// error: 4,5
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto a = tf::zeros(tf::shape<2, 3>);
#ifdef REFUSED
  auto b = tf::zeros(tf::shape<4, 5>);
#else
  auto b = tf::zeros(tf::shape<3, 5>);
#endif
  tf::Session().run(tf::matmul(a, b));
}
