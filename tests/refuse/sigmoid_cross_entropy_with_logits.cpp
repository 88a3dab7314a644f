// SPDX-License-Identifier: Apache-2.0
// error: no matching function for call to
// error: sigmoid_cross_entropy_with_logits
// error: labels
#include <tfx/tfx.hpp>
namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<2>);
  [[maybe_unused]] auto y = tf::nn::sigmoid_cross_entropy_with_logits(tf::labels = x, tf::logits = x);
#ifdef REFUSED
  tf::nn::sigmoid_cross_entropy_with_logits(tf::logits = x, tf::labels = x);
#endif
}
