// SPDX-License-Identifier: Apache-2.0
// error: dtype_mismatch_use_cast
// error: where_op
// error: float, double
#include <tfx/tfx.hpp>
namespace tf = tfx;

int main() {
  auto x = tf::zeros<float>(tf::shape<2>);
  auto y = tf::zeros<double>(tf::shape<2>);
  [[maybe_unused]] auto z = tf::where(x > 0.0f, x, tf::cast<float>(y));
#ifdef REFUSED
  auto mixed = tf::where(x > 0.0f, x, y);
#endif
}
