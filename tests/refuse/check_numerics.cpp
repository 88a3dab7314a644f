// SPDX-License-Identifier: Apache-2.0
// error: needs_floating_dtype_use_cast
// error: check_numerics_op
// error: int
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto a = tf::ones<int>(tf::shape<2>);
#ifdef REFUSED
  auto b = tf::check_numerics(a, tf::message<"a">);
#else
  auto b = tf::check_numerics(tf::cast<float>(a), tf::message<"a">);
#endif
  tf::Session().run(b);
}
