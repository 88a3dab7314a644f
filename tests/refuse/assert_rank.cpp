// SPDX-License-Identifier: Apache-2.0
// error: rank_mismatch_use_expand_dims
// error: assert_rank_op
// error: shape_t<2, 3>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto a = tf::ones(tf::shape<2, 3>);
#ifdef REFUSED
  auto b = tf::assert_rank<3>(a);
#else
  auto b = tf::assert_rank<2>(a);
#endif
  tf::Session().run(b);
}
