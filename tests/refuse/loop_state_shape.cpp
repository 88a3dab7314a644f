// SPDX-License-Identifier: Apache-2.0
// error: shape_mismatch
// error: loop_op
// error: shape_t<3>
// error: shape_t<2, 3>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<tf::dim<"n">, 2, 3>);
#ifdef REFUSED
  auto start = tf::zeros(tf::shape<3>);
#else
  auto start = tf::zeros(tf::shape<2, 3>);
#endif
  [[maybe_unused]] auto y = tf::scan([](auto h, auto s) { return h + s; }, x, start);
}
