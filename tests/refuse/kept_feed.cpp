// SPDX-License-Identifier: Apache-2.0
// error: deleted
// error: borrowed
#include <tfx/tfx.hpp>

namespace tf = tfx;

// A feed that is kept owns its value.
int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<3>);
  std::vector<float> values{1, 2, 3};
#ifdef REFUSED
  auto const feed = (x = values);
#else
  auto const feed = (x = std::move(values));
#endif
  tf::Session().run(x + x, feed);
}
