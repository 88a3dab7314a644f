// SPDX-License-Identifier: Apache-2.0
// error: channels_of_image_and_filter_differ
// error: conv2d_op
// error: 1,28,28,3
// error: 5,5,1,32
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto image = tf::zeros(tf::shape<1, 28, 28, 3>);
#ifdef REFUSED
  auto filter = tf::zeros(tf::shape<5, 5, 1, 32>);
#else
  auto filter = tf::zeros(tf::shape<5, 5, 3, 32>);
#endif
  tf::Session().run(tf::nn::conv2d(image, filter, tf::strides<1, 1>, tf::padding::SAME));
}
