// SPDX-License-Identifier: Apache-2.0
// error: feed_of_an_unnamed_constant_give_it_a_name
#include <tfx/tfx.hpp>

namespace tf = tfx;

// Unnamed constants are of one type: nothing tells which one is meant.
int main() {
#ifdef REFUSED
  auto a = tf::constant(2.0f);
#else
  auto a = tf::constant<"a">(2.0f);
#endif
  auto x = tf::placeholder<"x", float>(tf::shape<>);
  tf::Session sess;
  auto y = sess.run(x + a, a = 10.0f, x = 1.0f);
  return y == 11.0f ? 0 : 1;
}
