// SPDX-License-Identifier: Apache-2.0
// error: axis_out_of_range
// error: cumsum_op
// error: shape_t<>
// error: axes_t<0>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
#ifdef REFUSED
  auto x = tf::constant(1.0f);
#else
  auto x = tf::constant({1.0f, 2.0f});
#endif
  tf::Session().run(tf::cumsum(x));
}
