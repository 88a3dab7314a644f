// SPDX-License-Identifier: Apache-2.0
// error: channels_of_image_and_filter_differ
// error: depthwise_conv2d_op
// error: 1,8,8,3
// error: 3,3,1,2
#include <tfx/op/nn/separable_conv2d.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto image = tf::zeros(tf::shape<1, 8, 8, 3>);
  auto pointwise = tf::zeros(tf::shape<1, 1, 6, 4>);
#ifdef REFUSED
  auto depthwise = tf::zeros(tf::shape<3, 3, 1, 2>);
#else
  auto depthwise = tf::zeros(tf::shape<3, 3, 3, 2>);
#endif
  tf::Session().run(tf::nn::separable_conv2d(image, depthwise, pointwise, tf::strides<1, 1>, tf::padding::SAME));
}
