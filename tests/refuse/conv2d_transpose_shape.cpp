// SPDX-License-Identifier: Apache-2.0
// error: shape_mismatch
// error: conv2d_backprop_input_op
// error: 1,9,8,3
// error: 1,4,4,2
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::zeros(tf::shape<1, 4, 4, 2>);
  auto filter = tf::zeros(tf::shape<3, 3, 3, 2>);
#ifdef REFUSED
  constexpr auto to = tf::shape<1, 9, 8, 3>;
#else
  constexpr auto to = tf::shape<1, 7, 8, 3>;
#endif
  tf::Session().run(tf::nn::conv2d_transpose(x, filter, to, tf::strides<2, 2>, tf::padding::SAME));
}
