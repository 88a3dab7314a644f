// SPDX-License-Identifier: Apache-2.0
// error: tensor_is_no_condition_use_where_or_cond
// error: less_op
// shown: return h < 0.0f ? -h : h;
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<5>);
  auto magnitude = tf::build([](auto h) {
#ifdef REFUSED
    return h < 0.0f ? -h : h;
#else
    return tf::where(h < 0.0f, -h, h);
#endif
  });
  auto y = magnitude(x);
  (void)y;
}
