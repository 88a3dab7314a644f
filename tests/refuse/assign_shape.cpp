// SPDX-License-Identifier: Apache-2.0
// error: shape_mismatch
// error: assign_op
// error: shape_t<3>
// error: shape_t<4>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto w = tf::variable<"w">(tf::zeros(tf::shape<3>));
#ifdef REFUSED
  tf::Session().run(w.assign(tf::ones(tf::shape<4>)));
#else
  tf::Session().run(w.assign(tf::ones(tf::shape<3>)));
#endif
}
