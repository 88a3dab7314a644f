// SPDX-License-Identifier: Apache-2.0
// error: rank_mismatch
// error: shape_t<2, 10>
// error: shape_t<2, 3>
#include <tfx/keras/activations.hpp>
#include <tfx/keras/losses.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;

// A sparse loss wants one class for each sample, not a row.
int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<2, 10>);
#ifdef REFUSED
  auto y = tf::placeholder<"y", std::int64_t>(tf::shape<2, 3>);
#else
  auto y = tf::placeholder<"y", std::int64_t>(tf::shape<2, 1>);
#endif
  auto loss = tf::keras::loss<"sparse_categorical_crossentropy">(y, tf::keras::activation<"softmax">(x));
  tf::Graph graph(loss);
}
