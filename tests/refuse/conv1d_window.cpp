// SPDX-License-Identifier: Apache-2.0
// error: negative_dimension_size_caused_by_a_window_larger_than_its_input
// error: conv1d_op
// error: 1,4,2
// error: 5,2,3
#include <tfx/op/nn/conv1d.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto steps = tf::zeros(tf::shape<1, 4, 2>);
#ifdef REFUSED
  auto filter = tf::zeros(tf::shape<5, 2, 3>);
#else
  auto filter = tf::zeros(tf::shape<4, 2, 3>);
#endif
  tf::Session().run(tf::nn::conv1d(steps, filter, tf::strides<1>, tf::padding::VALID));
}
