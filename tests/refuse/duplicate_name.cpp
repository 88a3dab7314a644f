// SPDX-License-Identifier: Apache-2.0
// error: duplicate_name
// error: weights
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto first = tf::variable<"weights">(tf::zeros(tf::shape<3>));
#ifdef REFUSED
  auto second = tf::variable<"weights">(tf::ones(tf::shape<3>));
#else
  auto second = tf::variable<"more_weights">(tf::ones(tf::shape<3>));
#endif
  tf::Session().run(first + second);
}
