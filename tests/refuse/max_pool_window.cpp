// SPDX-License-Identifier: Apache-2.0
// error: negative_dimension_size_caused_by_a_window_larger_than_its_input
// error: max_pool_op
// error: shape_t<1,4,4,3>
// error: shape_t<2,5>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::zeros(tf::shape<1, 4, 4, 3>);
#ifdef REFUSED
  auto y = tf::nn::max_pool(x, tf::ksize<2, 5>, tf::strides<2, 2>, tf::padding::VALID);
#else
  auto y = tf::nn::max_pool(x, tf::ksize<2, 5>, tf::strides<2, 2>, tf::padding::SAME);
#endif
  tf::Session().run(y);
}
