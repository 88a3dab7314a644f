// SPDX-License-Identifier: Apache-2.0
// error: channels_of_image_and_filter_differ
// error: conv3d_op
// error: 1,8,8,8,3
// error: 3,3,3,1,4
#include <tfx/op/nn/conv3d.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto volume = tf::zeros(tf::shape<1, 8, 8, 8, 3>);
#ifdef REFUSED
  auto filter = tf::zeros(tf::shape<3, 3, 3, 1, 4>);
#else
  auto filter = tf::zeros(tf::shape<3, 3, 3, 3, 4>);
#endif
  tf::Session().run(tf::nn::conv3d(volume, filter, tf::strides<1, 1, 1>, tf::padding::SAME));
}
