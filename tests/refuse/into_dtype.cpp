// SPDX-License-Identifier: Apache-2.0
// error: into_needs_memory_of_the_tensors_dtype<float,double>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<>);
#ifdef REFUSED
  double result = 0;
#else
  float result = 0;
#endif
  tf::Session().run(tf::into(x + x, result), x = 3.0f);
}
