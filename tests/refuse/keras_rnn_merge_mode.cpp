// SPDX-License-Identifier: Apache-2.0
// error: Invalid merge mode. Merge mode should be one of
#include <tfx/keras/input.hpp>
#include <tfx/keras/layers/bidirectional.hpp>
#include <tfx/keras/layers/lstm.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;

int main() {
  auto x = keras::Input(tf::shape<4, 3>);
#ifdef REFUSED
  auto layer = layers::Bidirectional(layers::LSTM<5>(), keras::merge_mode<"max">);
#else
  auto layer = layers::Bidirectional(layers::LSTM<5>(), keras::merge_mode<"mul">);
#endif
  [[maybe_unused]] auto y = layer(x);
}
