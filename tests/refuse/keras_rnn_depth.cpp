// SPDX-License-Identifier: Apache-2.0
// error: The last dimension of the inputs to a recurrent layer should be defined
#include <tfx/keras/input.hpp>
#include <tfx/keras/layers/simple_rnn.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
#ifdef REFUSED
  auto x = tf::keras::Input(tf::shape<4, tf::dim<"depth">>);
#else
  auto x = tf::keras::Input(tf::shape<tf::dim<"time">, 3>);
#endif
  [[maybe_unused]] auto y = tf::keras::layers::SimpleRNN<5>()(x);
}
