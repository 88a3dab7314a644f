// SPDX-License-Identifier: Apache-2.0
// error: random_op_in_a_function_over_handles_needs_a_name
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<5>);
  auto drops = tf::build([](auto h) {
#ifdef REFUSED
    return tf::nn::dropout(h, 0.5f);
#else
    return tf::nn::dropout<"drop">(h, 0.5f);
#endif
  });
  tf::Session().run(drops(x), x = {1, 2, 3, 4, 5});
}
