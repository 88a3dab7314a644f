// SPDX-License-Identifier: Apache-2.0
// error: layer_does_not_take_this_argument
#include <tfx/keras/input.hpp>
#include <tfx/keras/layers/simple_rnn.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;

int main() {
  auto x = keras::Input(tf::shape<4, 3>);
#ifdef REFUSED
  auto layer = keras::layers::SimpleRNN<5>(keras::recurrent_activation = keras::activation<"sigmoid">);
#else
  auto layer = keras::layers::SimpleRNN<5>(keras::activation<"sigmoid">);
#endif
  [[maybe_unused]] auto y = layer(x);
}
