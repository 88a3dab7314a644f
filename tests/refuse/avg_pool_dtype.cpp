// SPDX-License-Identifier: Apache-2.0
// error: needs_floating
// error: avg_pool_op
// error: int
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
#ifdef REFUSED
  auto x = tf::zeros<int>(tf::shape<1, 4, 4, 3>);
#else
  auto x = tf::zeros(tf::shape<1, 4, 4, 3>);
#endif
  auto y = tf::nn::avg_pool(x, tf::ksize<2, 2>, tf::strides<2, 2>, tf::padding::SAME);
  tf::Session().run(y);
}
