// SPDX-License-Identifier: Apache-2.0
// error: axis_out_of_range
// error: reverse_op
// error: 2,3
// error: axes_t<-1>
#include <tfx/op/array/reverse.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::zeros(tf::shape<2, 3>);
#ifdef REFUSED
  auto y = tf::reverse(x, tf::axes<1, -1>);
#else
  auto y = tf::reverse(x, tf::axes<1, 0>);
#endif
  tf::Session().run(y);
}
