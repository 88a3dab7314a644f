// SPDX-License-Identifier: Apache-2.0
// error: needs_floating_dtype_use_cast
// error: exp_op
// error: int
#include <tfx/tfx.hpp>
namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", int>(tf::shape<2>);
  [[maybe_unused]] auto y = tf::exp(tf::cast<float>(x));
#ifdef REFUSED
  auto whole = tf::exp(x);
#endif
}
