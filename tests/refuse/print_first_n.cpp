// SPDX-License-Identifier: Apache-2.0
// error: first_n_is_for_expressions_not_for_handles
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::ones(tf::shape<2>);
#ifdef REFUSED
  auto f = tf::build([](auto a) { return tf::Print(a, a, tf::first_n<2>); });
#else
  auto f = tf::build([](auto a) { return tf::Print(a, a); });
#endif
  tf::Session().run(f(x));
}
