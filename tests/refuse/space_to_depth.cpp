// SPDX-License-Identifier: Apache-2.0
// error: dimension_size_must_be_evenly_divisible_by_block_size
// error: space_to_depth_op
// error: 1,4,3,1
// error: axes_t<2>
#include <tfx/op/array/space_to_depth.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
#ifdef REFUSED
  auto x = tf::zeros(tf::shape<1, 4, 3, 1>);
#else
  auto x = tf::zeros(tf::shape<1, 4, 6, 1>);
#endif
  tf::Session().run(tf::space_to_depth(x, tf::block_size<2>));
}
