// SPDX-License-Identifier: Apache-2.0
// error: shape_mismatch
// error: reshape_op
// error: 2,3
// error: shape_t<4>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto a = tf::zeros(tf::shape<2, 3>);
#ifdef REFUSED
  auto b = tf::reshape(a, tf::shape<4>);
#else
  auto b = tf::reshape(a, tf::shape<-1, 2>);
#endif
  tf::Session().run(b);
}
