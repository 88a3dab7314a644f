// SPDX-License-Identifier: Apache-2.0
// error: TimeDistributed takes [batch, time, ...], of rank 3 or more
#include <tfx/keras/input.hpp>
#include <tfx/keras/layers/dense.hpp>
#include <tfx/keras/layers/time_distributed.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;
namespace layers = tfx::keras::layers;

int main() {
#ifdef REFUSED
  auto x = tf::keras::Input(tf::shape<3>);
#else
  auto x = tf::keras::Input(tf::shape<4, 3>);
#endif
  [[maybe_unused]] auto y = layers::TimeDistributed(layers::Dense<5>())(x);
}
