// SPDX-License-Identifier: Apache-2.0
// error: RNN takes a cell: it has state_size and call(inputs, states)
#include <tfx/keras/input.hpp>
#include <tfx/keras/layers/dense.hpp>
#include <tfx/keras/layers/rnn.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;
namespace layers = tfx::keras::layers;

int main() {
  auto x = tf::keras::Input(tf::shape<4, 3>);
#ifdef REFUSED
  auto layer = layers::RNN(layers::Dense<5>());
#else
  auto layer = layers::RNN(layers::SimpleRNNCell<5>());
#endif
  [[maybe_unused]] auto y = layer(x);
}
