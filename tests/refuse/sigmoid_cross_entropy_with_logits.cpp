// SPDX-License-Identifier: Apache-2.0
// error: shape_mismatch
// error: sigmoid_cross_entropy_with_logits_op
// error: shape_t<3,1>
// error: shape_t<3>
#include <tfx/tfx.hpp>
namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<3, 1>);
#ifdef REFUSED
  auto z = tf::placeholder<"z", float>(tf::shape<3>);
#else
  auto z = tf::placeholder<"z", float>(tf::shape<3, 1>);
#endif
  [[maybe_unused]] auto y = tf::nn::sigmoid_cross_entropy_with_logits(tf::logits = x, tf::labels = z);
}
