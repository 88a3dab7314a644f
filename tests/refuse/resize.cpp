// SPDX-License-Identifier: Apache-2.0
// error: rank_mismatch_use_expand_dims
// error: resize_bilinear_op
// error: 2,2,3
#include <tfx/op/image/resize_bilinear.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
#ifdef REFUSED
  auto x = tf::zeros(tf::shape<2, 2, 3>);
#else
  auto x = tf::zeros(tf::shape<1, 2, 2, 3>);
#endif
  tf::Session().run(tf::image::resize_bilinear(x, tf::shape<4, 4>));
}
