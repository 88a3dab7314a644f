// SPDX-License-Identifier: Apache-2.0
// error: extent_along_axis_must_be_a_number
// error: unstack_op
// error: axes_t<0>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<tf::dim<"n">, 3>);
#ifdef REFUSED
  auto rows = tf::unstack(x);
#else
  auto rows = tf::unstack(x, tf::axis<1>);
#endif
  tf::Session().run(rows, x = {{1, 2, 3}});
}
