// SPDX-License-Identifier: Apache-2.0
// error: has_no_gradient_through_complex_numbers
#include <tfx/tfx.hpp>
namespace tf = tfx;

int main() {
  auto w = tf::variable<"w">(tf::constant({3.0f, 4.0f}));
  auto turn = tf::constant(std::complex<float>(0, 1));
#ifdef REFUSED
  auto loss = tf::reduce_sum(w * w) + tf::reduce_sum(tf::abs(tf::complex(w, w) * turn));
#else
  auto loss = tf::reduce_sum(w * w) * tf::abs(turn);
#endif
  auto [dw] = tf::gradients(loss, w);
  tf::Session().run(dw);
}
