// SPDX-License-Identifier: Apache-2.0
// error: gradient_along_an_unnamed_constant_give_it_a_name
// error: literal_op
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<3>);
#ifdef REFUSED
  auto c = tf::constant(2.0f);
#else
  auto c = tf::constant<"c">(2.0f);
#endif
  auto [dc] = tf::gradients(tf::reduce_sum(x * c), c);
  tf::Session().run(dc, x = {1, 2, 3});
}
