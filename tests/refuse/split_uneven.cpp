// SPDX-License-Identifier: Apache-2.0
// error: axis_has_no_equal_parts_use_sizes
// error: split_op
// error: 2,5
// error: axes_t<1>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::zeros(tf::shape<2, 5>);
#ifdef REFUSED
  auto parts = tf::split(x, tf::parts<2>, tf::axis<1>);
#else
  auto parts = tf::split(x, tf::parts<5>, tf::axis<1>);
#endif
  tf::Session().run(parts);
}
