// SPDX-License-Identifier: Apache-2.0
// error: Saver: nothing that it is given reaches a variable
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<>);
  auto w = tf::variable<"w">(tf::zeros(tf::shape<>));
#ifdef REFUSED
  tf::train::Saver saver(x * x);
#else
  tf::train::Saver saver(x * w);
#endif
}
