// SPDX-License-Identifier: Apache-2.0
// error: equality_of_tensors_is_tf_equal
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<3>);
#ifdef REFUSED
  return x == 1.0f ? 0 : 1;
#else
  auto same = tf::equal(x, 1.0f);
  return decltype(same)::shape_type::rank;
#endif
}
