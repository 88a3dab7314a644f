// SPDX-License-Identifier: Apache-2.0
// error: cannot_be_fed
// error: image
// error: thing
#include <tfx/tfx.hpp>

namespace tf = tfx;

struct thing {};

int main() {
  auto image = tf::placeholder<"image", float>(tf::shape<28, 28>);
#ifdef REFUSED
  tf::Session().run(image + image, image = thing{});
#else
  tf::Session().run(image + image, image = xt::xtensor<float, 2>({28, 28}));
#endif
}
