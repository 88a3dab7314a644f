// SPDX-License-Identifier: Apache-2.0
// error: ignoring return
// error: nodiscard
#include <tfx/tfx.hpp>

namespace tf = tfx;

// An assignment that no session runs is a mistake: compilers warn of it.
#pragma GCC diagnostic error "-Wunused-result"
int main() {
  auto w = tf::variable<"w">(tf::zeros(tf::shape<>));
#ifdef REFUSED
  w.assign(5.0f);
  w = 5.0f;
#else
  tf::Session().run(w.assign(5.0f));
#endif
}
