// SPDX-License-Identifier: Apache-2.0
// error: axis_out_of_range
// error: reduce_mean_op
// error: 2,3
// error: axes_t<2>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::zeros(tf::shape<2, 3>);
#ifdef REFUSED
  auto both = tf::nn::moments(x, tf::axis<2>);
#else
  auto both = tf::nn::moments(x, tf::axis<1>);
#endif
  tf::Session().run(both);
}
