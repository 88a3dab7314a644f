// SPDX-License-Identifier: Apache-2.0
// error: shape_mismatch
// error: scalar_summary_op
// error: shape_t<2>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::zeros(tf::shape<2>);
#ifdef REFUSED
  auto loss = tf::summary::scalar<"loss">(x);
#else
  auto loss = tf::summary::scalar<"loss">(tf::reduce_sum(x));
#endif
  tf::Session().run(loss);
}
