// SPDX-License-Identifier: Apache-2.0
// error: axis_out_of_range
// error: batch_dot_op
// error: axes_t<0>
#include <tfx/op/math/batch_dot.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::zeros(tf::shape<2, 2>);
#ifdef REFUSED
  auto z = tf::batch_dot(x, x, tf::axis<0>);
#else
  auto z = tf::batch_dot(x, x, tf::axis<1>);
#endif
  tf::Session().run(z);
}
