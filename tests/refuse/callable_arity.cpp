// SPDX-License-Identifier: Apache-2.0
// error: callable_takes_as_many_values<2,1>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<>);
  auto y = tf::placeholder<"y", float>(tf::shape<>);
  tf::Session sess;
  auto sum = sess.make_callable(x + y, x, y);
#ifdef REFUSED
  sum(1.0f);
#else
  sum(1.0f, 2.0f);
#endif
}
