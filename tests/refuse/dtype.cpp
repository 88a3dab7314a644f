// SPDX-License-Identifier: Apache-2.0
// error: dtype_mismatch_use_cast
// error: multiply_op
// error: float,double
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto a = tf::zeros<float>(tf::shape<2>);
  auto b = tf::zeros<double>(tf::shape<2>);
#ifdef REFUSED
  auto c = a * b;
#else
  auto c = tf::cast<double>(a) * b;
#endif
  tf::Session().run(c);
}
