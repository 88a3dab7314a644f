// SPDX-License-Identifier: Apache-2.0
// error: negative_dimension_size_caused_by_a_window_larger_than_its_input
// error: depthwise_conv2d_op
// error: 1,4,9,2
// error: 5,5,2,1
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto filter = tf::zeros(tf::shape<5, 5, 2, 1>);
#ifdef REFUSED
  auto image = tf::zeros(tf::shape<1, 4, 9, 2>);
#else
  auto image = tf::zeros(tf::shape<1, 5, 9, 2>);
#endif
  tf::Session().run(tf::nn::depthwise_conv2d(image, filter, tf::strides<1, 1>, tf::padding::VALID));
}
