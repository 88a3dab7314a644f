// SPDX-License-Identifier: Apache-2.0
// error: needs_floating_dtype_use_cast
// error: exp_op
// error: int
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto a = tf::ones<int>(tf::shape<2>);
#ifdef REFUSED
  auto b = tf::exp(a);
#else
  auto b = tf::exp(tf::cast<float>(a));
#endif
  tf::Session().run(b);
}
