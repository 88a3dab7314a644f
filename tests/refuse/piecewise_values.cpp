// SPDX-License-Identifier: Apache-2.0
// error: The length of boundaries should be 1 less than the length of values
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto step = tf::placeholder<"step", int>(tf::shape<>);
#ifdef REFUSED
  auto rate = tf::train::piecewise_constant(step, {100, 200}, {0.1f, 0.01f});
#else
  auto rate = tf::train::piecewise_constant(step, {100, 200}, {0.1f, 0.01f, 0.001f});
#endif
  tf::Graph graph(rate);
}
