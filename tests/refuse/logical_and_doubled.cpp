// SPDX-License-Identifier: Apache-2.0
// error: and_of_tensors_is_tf_logical_and
#include <tfx/tfx.hpp>
namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<2>);
  [[maybe_unused]] auto both = (x > 1) & (x < 3);
#ifdef REFUSED
  auto same = (x > 1) && (x < 3);
#endif
}
