// SPDX-License-Identifier: Apache-2.0
// error: axis_out_of_range
// error: reduce_sum_op
// error: 2,3
// error: axes_t<2>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto a = tf::zeros(tf::shape<2, 3>);
#ifdef REFUSED
  auto sum = tf::reduce_sum(a, tf::axis<2>);
#else
  auto sum = tf::reduce_sum(a, tf::axis<-2>);
#endif
  tf::Session().run(sum);
}
