// SPDX-License-Identifier: Apache-2.0
// error: shape_mismatch
// error: matrix_solve_op
// error: 3,3
// error: 2,1
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto a = tf::ones(tf::shape<3, 3>);
#ifdef REFUSED
  auto x = tf::matrix_solve(a, tf::ones(tf::shape<2, 1>));
#else
  auto x = tf::matrix_solve(a, tf::ones(tf::shape<3, 1>));
#endif
  tf::Session().run(x);
}
