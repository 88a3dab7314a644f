// SPDX-License-Identifier: Apache-2.0
// Compiled with several sets of flags, and -DUNIT=the name of the set, into one program.
#include <tfx/tfx.hpp>

inline float train(float rate) {
  auto w = tfx::variable<"w">(tfx::fill(tfx::shape<3>, 1.0f));
  auto step = tfx::train::GradientDescentOptimizer(rate).minimize(tfx::reduce_sum(tfx::exp(-w)));
  tfx::Session session;
  session.run(tfx::global_variables_initializer(step));
  session.run(step);
  return session.run(tfx::reduce_sum(w));
}

float UNIT() { return train(0.25f); }
