// SPDX-License-Identifier: Apache-2.0
// error: a recurrent layer takes inputs of rank 3, [batch, time, depth]
#include <tfx/keras/input.hpp>
#include <tfx/keras/layers/lstm.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
#ifdef REFUSED
  auto x = tf::keras::Input(tf::shape<3>);
#else
  auto x = tf::keras::Input(tf::shape<4, 3>);
#endif
  [[maybe_unused]] auto y = tf::keras::layers::LSTM<5>()(x);
}
