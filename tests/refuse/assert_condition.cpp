// SPDX-License-Identifier: Apache-2.0
// error: condition_must_be_one_bool_use_reduce_all
// error: shape_t<2>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::ones(tf::shape<2>);
#ifdef REFUSED
  auto check = tf::Assert(tf::less(x, 2.0f), x);
#else
  auto check = tf::Assert(tf::reduce_all(tf::less(x, 2.0f)), x);
#endif
  tf::Session().run(check);
}
