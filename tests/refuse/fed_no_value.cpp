// SPDX-License-Identifier: Apache-2.0
// error: cannot_be_fed
// error: images
// error: float
// error: picture
#include <tfx/tfx.hpp>

namespace tf = tfx;

struct picture {
  float pixels[3];
};

int main() {
  auto x = tf::placeholder<"images", float>(tf::shape<3>);
#ifdef REFUSED
  tf::Session().run(x + x, x = picture{});
#else
  tf::Session().run(x + x, x = picture{}.pixels);
#endif
}
