// SPDX-License-Identifier: Apache-2.0
// error: matrix_must_be_square
// error: matrix_inverse_op
// error: 2,3
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::zeros(tf::shape<5, 2, 3>);
#ifdef REFUSED
  auto y = tf::matrix_inverse(x);
#else
  auto y = tf::matrix_inverse(tf::matmul(x, x, tf::transpose_b));
#endif
  tf::Session().run(y);
}
