// SPDX-License-Identifier: Apache-2.0
// error: nothing_tells_shape_of
// error: weights
#include <tfx/tfx.hpp>

namespace tf = tfx;

// A variable made from a placeholder without a shape has none that the compiler could know.
int main() {
#ifdef REFUSED
  auto x = tf::placeholder<"x", float>();
#else
  auto x = tf::placeholder<"x", float>(tf::shape<tf::dyn>);
#endif
  auto w = tf::variable<"weights">(x);
  tf::Session sess;
  sess.run(w.initializer(), x = {1.f, 2.f});
  sess.run(w * 2.f);
}
