// SPDX-License-Identifier: Apache-2.0
// error: has_no_gradient
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<3>);
#ifdef REFUSED
  auto y = tf::cast<float>(tf::argmax(x));
#else
  auto y = tf::reduce_max(x);
#endif
  auto [dx] = tf::gradients(y, x);
  tf::Session().run(dx, x = {1, 2, 3});
}
