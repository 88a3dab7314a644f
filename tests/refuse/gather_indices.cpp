// SPDX-License-Identifier: Apache-2.0
// error: dtype_mismatch_use_cast
// error: gather_op
// error: float
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::ones(tf::shape<3, 2>);
  auto i = tf::constant({0.0f, 1.0f});
#ifdef REFUSED
  auto y = tf::gather(x, i);
#else
  auto y = tf::gather(x, tf::cast<int>(i));
#endif
  tf::Session().run(y);
}
