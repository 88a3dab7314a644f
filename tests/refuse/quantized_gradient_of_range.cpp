// SPDX-License-Identifier: Apache-2.0
// error: has_no_gradient_rule
// error: quantize_op
#include <tfx/tfx.hpp>
namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<3>);
  auto [q, low, high] = tf::quantize<tf::qint8>(x, tf::reduce_min(x), 1.0f);
#ifdef REFUSED
  auto [dx] = tf::gradients(low * high, x);
#endif
}
