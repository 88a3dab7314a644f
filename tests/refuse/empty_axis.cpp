// SPDX-License-Identifier: Apache-2.0
// error: axis_is_empty
// error: argmax_op
// error: 2,0
// error: axes_t<-1>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto a = tf::zeros(tf::shape<2, 0>);
#ifdef REFUSED
  auto place = tf::argmax(a, tf::axis<-1>);
#else
  auto place = tf::argmax(a, tf::axis<0>);
#endif
  tf::Session().run(place);
}
