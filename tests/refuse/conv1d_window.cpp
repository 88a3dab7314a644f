// SPDX-License-Identifier: Apache-2.0
// error: computed_output_size_would_be_negative
// error: conv2d_op
#include <tfx/tfx.hpp>

#include <tfx/op/nn/conv1d.hpp>

namespace tf = tfx;

int main() {
  auto steps = tf::zeros(tf::shape<1, 4, 2>);
#ifdef REFUSED
  auto filter = tf::zeros(tf::shape<6, 2, 3>);
#else
  auto filter = tf::zeros(tf::shape<4, 2, 3>);
#endif
  tf::Session().run(tf::nn::conv1d(steps, filter, tf::strides<1>, tf::padding::VALID));
}
