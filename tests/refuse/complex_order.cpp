// SPDX-License-Identifier: Apache-2.0
// error: needs_real_numbers_use_real_or_abs
// error: maximum_op
// error: complex<float>
#include <tfx/tfx.hpp>
namespace tf = tfx;

int main() {
  auto z = tf::placeholder<"z", std::complex<float>>(tf::shape<2>);
  [[maybe_unused]] auto y = tf::maximum(tf::abs(z), 1.0f);
#ifdef REFUSED
  auto largest = tf::maximum(z, z);
#endif
}
