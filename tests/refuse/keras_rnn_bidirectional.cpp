// SPDX-License-Identifier: Apache-2.0
// error: Bidirectional takes a recurrent layer
#include <tfx/keras/input.hpp>
#include <tfx/keras/layers/bidirectional.hpp>
#include <tfx/keras/layers/dense.hpp>
#include <tfx/keras/layers/lstm.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;
namespace layers = tfx::keras::layers;

int main() {
  auto x = tf::keras::Input(tf::shape<4, 3>);
#ifdef REFUSED
  auto layer = layers::Bidirectional(layers::Dense<5>());
#else
  auto layer = layers::Bidirectional(layers::LSTM<5>());
#endif
  [[maybe_unused]] auto y = layer(x);
}
