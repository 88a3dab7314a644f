// SPDX-License-Identifier: Apache-2.0
// error: axis_out_of_range
// error: shape_t<>
#include <tfx/keras/losses.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;

// A loss is the mean over a last axis.
int main() {
#ifdef REFUSED
  auto x = tf::placeholder<"x", float>(tf::shape<>);
#else
  auto x = tf::placeholder<"x", float>(tf::shape<1>);
#endif
  auto loss = tf::keras::loss<"mse">(x, x);
  tf::Graph graph(loss);
}
