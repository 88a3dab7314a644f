// SPDX-License-Identifier: Apache-2.0
// error: feed_shape_mismatch
// error: images
// error: shape_t<3>
// error: shape_t<4>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"images", float>(tf::shape<3>);
#ifdef REFUSED
  tf::Session().run(x + x, x = {1, 2, 3, 4});
#else
  tf::Session().run(x + x, x = {1, 2, 3});
#endif
}
