// SPDX-License-Identifier: Apache-2.0
// error: needs_bool
// error: masked_axes_op
// error: int
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::ones(tf::shape<3>);
  auto mask = tf::constant({1, 0, 1});
#ifdef REFUSED
  tf::Session().run(tf::boolean_mask(x, mask));
#else
  tf::Session().run(tf::boolean_mask(x, tf::not_equal(mask, 0)));
#endif
}
