// SPDX-License-Identifier: Apache-2.0
// error: is_not_a_valid_node_name
// error: _sum
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<3>);
#ifdef REFUSED
  auto y = tf::add<"_sum">(x, x);
#else
  auto y = tf::add<"sum_">(x, x);
#endif
  tf::Session().run(y, x = {1, 2, 3});
}
