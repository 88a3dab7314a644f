// SPDX-License-Identifier: Apache-2.0
// error: rank_mismatch
// error: where_indices_op
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto condition = tf::constant(true);
#ifdef REFUSED
  tf::Session().run(tf::where(condition));
#else
  tf::Session().run(tf::where(tf::expand_dims(condition, tf::axis<0>)));
#endif
}
