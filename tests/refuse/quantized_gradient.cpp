// SPDX-License-Identifier: Apache-2.0
// error: has_no_gradient_rule
// error: dequantize_op
#include <tfx/tfx.hpp>
namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<3>);
  auto [q, low, high] = tf::quantize<tf::qint8>(x, -1.0f, 1.0f);
  [[maybe_unused]] auto y = tf::reduce_sum(tf::dequantize(q, low, high) * x);
#ifdef REFUSED
  auto [dx] = tf::gradients(y, x);
#endif
}
