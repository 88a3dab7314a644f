// SPDX-License-Identifier: Apache-2.0
// error: constant
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
#ifdef REFUSED
  auto x = tf::constant<float>({{{{{1}, {2}}}}});
#else
  auto x = tf::constant<float>({{{{1}, {2}}}});
#endif
  tf::Session().run(x);
}
