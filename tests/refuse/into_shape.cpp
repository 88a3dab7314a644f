// SPDX-License-Identifier: Apache-2.0
// error: into_needs_memory_of_the_tensors_shape
// error: shape_t<2,3>
// error: float,2
#include <array>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<2, 3>);
#ifdef REFUSED
  std::array<std::array<float, 2>, 3> result;
#else
  std::array<std::array<float, 3>, 2> result;
#endif
  tf::Session().run(tf::into(x + x, result), x = {{1, 2, 3}, {4, 5, 6}});
}
