// SPDX-License-Identifier: Apache-2.0
// error: feed_is_written_placeholder_equals_value
// error: float
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<>);
#ifdef REFUSED
  tf::Session().run(x + x, 3.0f);
#else
  tf::Session().run(x + x, x = 3.0f);
#endif
}
