// SPDX-License-Identifier: Apache-2.0
// error: needs_floating_dtype_use_cast
// error: random_normal_like_op
// error: int
#include <tfx/op/random/random_like.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
#ifdef REFUSED
  auto x = tf::zeros<int>(tf::shape<3>);
#else
  auto x = tf::zeros(tf::shape<3>);
#endif
  tf::Session().run(tf::random_normal_like(x));
}
