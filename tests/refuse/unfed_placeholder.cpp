// SPDX-License-Identifier: Apache-2.0
// error: placeholder_needs_a_feed
// error: images
// error: float
// error: batch
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"images", float>(tf::shape<tf::dim<"batch">, 784>);
#ifdef REFUSED
  tf::Session().run(x + x);
#else
  tf::Session().run(x + x, x = xt::xtensor<float, 2>({2, 784}));
#endif
}
