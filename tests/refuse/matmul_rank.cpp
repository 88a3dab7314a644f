// SPDX-License-Identifier: Apache-2.0
// error: rank_mismatch_use_expand_dims
// error: matmul_op
// error: 2,3
// error: shape_t<3>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto a = tf::zeros(tf::shape<2, 3>);
  auto b = tf::zeros(tf::shape<3>);
#ifdef REFUSED
  auto c = tf::matmul(a, b);
#else
  auto c = tf::matmul(a, tf::expand_dims(b, tf::axis<1>));
#endif
  tf::Session().run(c);
}
