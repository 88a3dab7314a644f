// SPDX-License-Identifier: Apache-2.0
// error: rank_mismatch_use_expand_dims
// error: upsample_op
// error: 2,2,1
// error: 2,2
#include <tfx/op/array/upsample.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::zeros(tf::shape<2, 2, 1>);
#ifdef REFUSED
  auto y = tf::upsample(x, tf::factors<2, 2>);
#else
  auto y = tf::upsample(x, tf::factors<2, 2, 1>);
#endif
  tf::Session().run(y);
}
