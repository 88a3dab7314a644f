// SPDX-License-Identifier: Apache-2.0
// error: callable_takes_all_by_name_or_none
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<>);
  auto y = tf::placeholder<"y", float>(tf::shape<>);
  tf::Session sess;
  auto sum = sess.make_callable(x + y, x, y);
#ifdef REFUSED
  sum(1.0f, y = 2.0f);
#else
  sum(y = 2.0f, x = 1.0f);
#endif
}
