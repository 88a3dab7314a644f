// SPDX-License-Identifier: Apache-2.0
// error: gradient_along_an_unnamed_constant_give_it_a_name
// error: index_op
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<3>);
#ifdef REFUSED
  auto y = x[0];
#else
  auto y = x[tf::index<0>];
#endif
  auto [dy] = tf::gradients(y * y, y);
  tf::Session().run(dy, x = {1, 2, 3});
}
