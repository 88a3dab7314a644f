// SPDX-License-Identifier: Apache-2.0
// error: rank_mismatch
// error: unique_index_op
// error: 2,2
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::constant({{1, 2}, {1, 2}});
#ifdef REFUSED
  auto const [y, index] = tf::unique(x);
#else
  auto const [y, index] = tf::unique(tf::reshape(x, tf::shape<-1>));
#endif
  tf::Session().run(tf::fetch(y, index));
}
