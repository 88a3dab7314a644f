// SPDX-License-Identifier: Apache-2.0
// error: is_not_a_valid_node_name
// error: my var
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
#ifdef REFUSED
  auto v = tf::variable<"my var">(tf::zeros(tf::shape<3>));
#else
  auto v = tf::variable<"my/var-1.a_b">(tf::zeros(tf::shape<3>));
#endif
  tf::Session().run(v.initializer());
}
