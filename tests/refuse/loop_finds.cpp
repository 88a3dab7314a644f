// SPDX-License-Identifier: Apache-2.0
// error: finds_an_extent_in_a_loop_or_branch
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<2, 3>);
#ifdef REFUSED
  auto y = tf::map_fn([](auto s) { return tf::reduce_sum(tf::boolean_mask(s, tf::less(s, 2.0f))); }, x);
#else
  auto y = tf::map_fn([](auto s) { return tf::reduce_sum(tf::where(tf::less(s, 2.0f), s, tf::zeros_like(s))); }, x);
#endif
  tf::Session().run(y, x = {{1, 2, 3}, {4, 5, 6}});
}
