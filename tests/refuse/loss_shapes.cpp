// SPDX-License-Identifier: Apache-2.0
// error: shape_mismatch
// error: same_shape_op
// error: shape_t<2>
// error: shape_t<2, 1>
#include <tfx/tfx.hpp>

namespace tf = tfx;

// Labels beside predictions of another shape do not broadcast: the loss would compare each with all.
int main() {
  auto labels = tf::placeholder<"labels", float>(tf::shape<2>);
#ifdef REFUSED
  auto predictions = tf::placeholder<"predictions", float>(tf::shape<2, 1>);
#else
  auto predictions = tf::placeholder<"predictions", float>(tf::shape<2>);
#endif
  auto loss = tf::losses::mean_squared_error(labels, predictions);
  tf::Graph graph(loss);
}
