// SPDX-License-Identifier: Apache-2.0
// error: needs_floating
// error: dropout_op
// error: int
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
#ifdef REFUSED
  auto x = tf::zeros<int>(tf::shape<4>);
#else
  auto x = tf::zeros(tf::shape<4>);
#endif
  auto y = tf::nn::dropout(x, tf::cast<decltype(x)::value_type>(tf::constant(1.0f)));
  tf::Session().run(y);
}
