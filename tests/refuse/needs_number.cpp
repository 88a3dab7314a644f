// SPDX-License-Identifier: Apache-2.0
// error: needs_number_use_cast
// error: add_op
// error: bool
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto a = tf::ones(tf::shape<2>) > 0;
#ifdef REFUSED
  auto b = a + a;
#else
  auto b = tf::cast<int>(a) + tf::cast<int>(a);
#endif
  tf::Session().run(b);
}
