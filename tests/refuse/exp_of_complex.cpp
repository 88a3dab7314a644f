// SPDX-License-Identifier: Apache-2.0
// error: needs_real_numbers_use_real_or_abs
// error: exp_op
#include <tfx/tfx.hpp>
namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", std::complex<float>>(tf::shape<2>);
  [[maybe_unused]] auto y = tf::exp(tf::real(x));
#ifdef REFUSED
  auto whole = tf::exp(x);
#endif
}
