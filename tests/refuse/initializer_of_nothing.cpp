// SPDX-License-Identifier: Apache-2.0
// error: global_variables_initializer_needs_a_loss_or_training_step
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto w = tf::variable<"w">(tf::zeros(tf::shape<>));
#ifdef REFUSED
  tf::Session().run(tf::global_variables_initializer());
#else
  tf::Session().run(tf::global_variables_initializer(w));
#endif
}
