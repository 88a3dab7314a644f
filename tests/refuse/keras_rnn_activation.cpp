// SPDX-License-Identifier: Apache-2.0
// error: an activation of a recurrent layer is a word, or a function of an expression that captures nothing
#include <tfx/keras/input.hpp>
#include <tfx/keras/layers/simple_rnn.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;

int main() {
  auto x = keras::Input(tf::shape<4, 3>);
  [[maybe_unused]] auto slope = 2;
#ifdef REFUSED
  auto layer = keras::layers::SimpleRNN<5>([slope](auto z) { return tf::tanh(z) * slope; });
#else
  auto layer = keras::layers::SimpleRNN<5>([](auto z) { return tf::tanh(z); });
#endif
  [[maybe_unused]] auto y = layer(x);
}
