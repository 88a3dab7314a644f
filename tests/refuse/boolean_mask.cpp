// SPDX-License-Identifier: Apache-2.0
// error: shape_mismatch
// error: masked_axes_op
// error: 3,2
// error: 2,2
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::ones(tf::shape<3, 2, 4>);
#ifdef REFUSED
  auto mask = tf::constant({{true, false}, {true, true}});
#else
  auto mask = tf::constant({{true, false}, {true, true}, {false, false}});
#endif
  tf::Session().run(tf::boolean_mask(x, mask));
}
