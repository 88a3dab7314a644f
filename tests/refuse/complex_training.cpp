// SPDX-License-Identifier: Apache-2.0
// error: has_no_gradient_through_complex_numbers
#include <tfx/tfx.hpp>
namespace tf = tfx;

int main() {
  auto w = tf::variable<"w">(tf::constant({3.0f, 4.0f}));
  auto z = tf::variable<"z">(tf::constant(std::complex<float>(3, 4)));
#ifdef REFUSED
  auto loss = tf::reduce_sum(w * w * tf::real(z));
#else
  auto loss = tf::reduce_sum(w * w);
#endif
  auto train = tf::train::GradientDescentOptimizer(0.1f).minimize(loss);
  tf::Session().run(tf::group(train, z.assign_add(1)));
}
