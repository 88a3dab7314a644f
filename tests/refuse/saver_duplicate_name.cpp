// SPDX-License-Identifier: Apache-2.0
// error: duplicate_name
// error: 'w'
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto w = tf::variable<"w">(tf::zeros(tf::shape<2>));
#ifdef REFUSED
  auto v = tf::variable<"w">(tf::zeros(tf::shape<3>));
#else
  auto v = tf::variable<"v">(tf::zeros(tf::shape<3>));
#endif
  tf::train::Saver saver(w, v);
}
