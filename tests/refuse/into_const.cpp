// SPDX-License-Identifier: Apache-2.0
// error: into_cannot_write_there<const float>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<2>);
#ifdef REFUSED
  std::vector<float> const result(2);
#else
  std::vector<float> result(2);
#endif
  tf::Session().run(tf::into(x + x, result), x = {1, 2});
}
