// SPDX-License-Identifier: Apache-2.0
// error: placeholder_needs_a_feed
// error: inputs
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"inputs", float>(tf::shape<>);
  auto h = x * x;
  auto [dx] = tf::gradients(h * h, x);
  // The derivative of x² takes x, although x² is fed.
#ifdef REFUSED
  tf::Session().run(dx, h = 2.0f);
#else
  tf::Session().run(dx, h = 2.0f, x = 1.0f);
#endif
}
