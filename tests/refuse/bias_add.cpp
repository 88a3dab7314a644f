// SPDX-License-Identifier: Apache-2.0
// error: shape_mismatch
// error: bias_add_op
// error: shape_t<2,3>
// error: shape_t<1>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::zeros(tf::shape<2, 3>);
#ifdef REFUSED
  auto y = tf::nn::bias_add(x, tf::zeros(tf::shape<1>));
#else
  auto y = tf::nn::bias_add(x, tf::zeros(tf::shape<3>));
#endif
  tf::Session().run(y);
}
