// SPDX-License-Identifier: Apache-2.0
// error: shape_mismatch
// error: top_k_op
// error: shape_t<2,3>
// error: shape_t<2,4>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::zeros(tf::shape<2, 3>);
#ifdef REFUSED
  auto best = tf::nn::top_k(x, tf::k<4>);
#else
  auto best = tf::nn::top_k(x, tf::k<3>);
#endif
  tf::Session().run(best);
}
