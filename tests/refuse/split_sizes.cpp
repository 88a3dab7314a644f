// SPDX-License-Identifier: Apache-2.0
// error: shape_mismatch
// error: split_v_op
// error: shape_t<4,3>
// error: shape_t<5,3>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::zeros(tf::shape<5, 3>);
#ifdef REFUSED
  auto parts = tf::split(x, tf::sizes<1, 3>);
#else
  auto parts = tf::split(x, tf::sizes<1, 3, -1>);
#endif
  tf::Session().run(parts);
}
