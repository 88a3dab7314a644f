// SPDX-License-Identifier: Apache-2.0
// error: computed_output_size_would_be_negative
// error: max_pool_op
// error: shape_t<1,4,4,3>
// error: shape_t<2,9>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::zeros(tf::shape<1, 4, 4, 3>);
#ifdef REFUSED
  auto y = tf::nn::max_pool(x, tf::ksize<2, 9>, tf::strides<2, 2>, tf::padding::VALID);
#else
  auto y = tf::nn::max_pool(x, tf::ksize<2, 9>, tf::strides<2, 2>, tf::padding::SAME);
#endif
  tf::Session().run(y);
}
