// SPDX-License-Identifier: Apache-2.0
// error: constraints not satisfied
// error: -3, 2
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
#ifdef REFUSED
  auto a = tf::zeros(tf::shape<-3, 2>);
#else
  auto a = tf::zeros(tf::shape<3, 2>);
#endif
  tf::Session().run(tf::reshape(a, tf::shape<2, -1>));
}
