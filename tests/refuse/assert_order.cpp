// SPDX-License-Identifier: Apache-2.0
// error: needs_real_numbers_use_real_or_abs
// error: greater_op
// error: complex<float>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto z = tf::placeholder<"z", std::complex<float>>(tf::shape<2>);
#ifdef REFUSED
  auto check = tf::assert_positive(z);
#else
  auto check = tf::assert_positive(tf::abs(z));
#endif
  tf::Session().run(check, z = {1.0f, 2.0f});
}
