// SPDX-License-Identifier: Apache-2.0
// error: dtype_mismatch_use_cast
// error: assert_type_op
// error: double, float
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto a = tf::ones(tf::shape<2, 3>);
#ifdef REFUSED
  auto b = tf::assert_type<double>(a);
#else
  auto b = tf::assert_type<float>(a);
#endif
  tf::Session().run(b);
}
