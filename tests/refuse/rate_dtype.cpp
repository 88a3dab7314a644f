// SPDX-License-Identifier: Apache-2.0
// error: a learning rate is float or double
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto step = tf::placeholder<"step", int>(tf::shape<>);
#ifdef REFUSED
  auto rate = tf::constant<"rate">(1);
#else
  auto rate = tf::constant<"rate">(1.0f);
#endif
  auto decayed = tf::train::exponential_decay(rate, step, 100, 0.5f);
  tf::Graph graph(decayed);
}
