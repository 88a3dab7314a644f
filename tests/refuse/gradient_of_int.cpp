// SPDX-License-Identifier: Apache-2.0
// error: needs_floating_dtype_use_cast
// error: gradients_op
// error: int
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
#ifdef REFUSED
  auto w = tf::variable<"w">(tf::constant(2));
#else
  auto w = tf::variable<"w">(tf::constant(2.0));
#endif
  auto [dw] = tf::gradients(w * w, w);
  tf::Session().run(dw);
}
