// SPDX-License-Identifier: Apache-2.0
// error: needs_bool_use_cast
// error: logical_and_op
#include <tfx/tfx.hpp>
namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", int>(tf::shape<2>);
  [[maybe_unused]] auto both = (x > 0) & tf::cast<bool>(x);
#ifdef REFUSED
  auto bits = x & x;
#endif
}
