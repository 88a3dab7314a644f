// SPDX-License-Identifier: Apache-2.0
// error: is_not_a_valid_node_name
// error: x:0
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
#ifdef REFUSED
  auto x = tf::placeholder<"x:0", float>(tf::shape<3>);
#else
  auto x = tf::placeholder<"x.0", float>(tf::shape<3>);
#endif
  tf::Session().run(x + x, x = {1, 2, 3});
}
