// SPDX-License-Identifier: Apache-2.0
// error: rank_mismatch_use_expand_dims
// error: branch_op
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<3>);
#ifdef REFUSED
  auto condition = tf::less(x, 0.0f);
#else
  auto condition = tf::reduce_all(tf::less(x, 0.0f));
#endif
  [[maybe_unused]] auto y = tf::cond(condition, [&] { return x; }, [&] { return x + x; });
}
