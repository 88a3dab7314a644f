// SPDX-License-Identifier: Apache-2.0
// error: assigns_in_a_loop_or_branch
// error: assign_op
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<>);
  auto w = tf::variable<"w">(tf::constant(1.0f));
  tf::Session sess;
#ifdef REFUSED
  sess.run(tf::cond(tf::less(x, 0.0f), [&] { return tf::assign(w, x); }, [&] { return x; }), x = 1.0f);
#else
  sess.run(tf::assign(w, tf::cond(tf::less(x, 0.0f), [&] { return x; }, [&] { return 2.0f * x; })), x = 1.0f);
#endif
}
