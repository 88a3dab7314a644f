// SPDX-License-Identifier: Apache-2.0
// error: shape_mismatch
// error: weights_shape_op
// error: shape_t<3>
// error: shape_t<2, 3>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<2, 3>);
#ifdef REFUSED
  auto weights = tf::zeros(tf::shape<3>);
#else
  auto weights = tf::zeros(tf::shape<1, 3>);
#endif
  auto loss = tf::losses::mean_squared_error(x, x, weights);
  tf::Graph graph(loss);
}
