// SPDX-License-Identifier: Apache-2.0
// error: feed_of_what_an_unnamed_constant_makes_name_that
// error: index_op
#include <tfx/tfx.hpp>

namespace tf = tfx;

// The index is a constant without a name.
int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<3>);
#ifdef REFUSED
  auto first = x[0];
#else
  auto first = x[tf::index<0>];
#endif
  tf::Session().run(first * 2.0f, first = 10.0f);
}
