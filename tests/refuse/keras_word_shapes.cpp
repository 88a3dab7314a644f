// SPDX-License-Identifier: Apache-2.0
// error: shape_mismatch
// error: same_shape_op
// error: shape_t<2>
// error: shape_t<2, 1>
#include <tfx/keras/losses.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;

// Labels beside an output of another rank do not broadcast.
int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<2, 1>);
#ifdef REFUSED
  auto y = tf::placeholder<"y", float>(tf::shape<2>);
#else
  auto y = tf::placeholder<"y", float>(tf::shape<2, 1>);
#endif
  auto loss = tf::keras::loss<"mse">(y, x);
  tf::Graph graph(loss);
}
