// SPDX-License-Identifier: Apache-2.0
// error: layer_expects_an_input_of_rank
// error: Conv2D
// error: 4,
// error: 28,28>
#include <tfx/keras/input.hpp>
#include <tfx/keras/layers/conv.hpp>
#include <tfx/tfx.hpp>

namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;

int main() {
#ifdef REFUSED
  auto y = layers::Conv2D<4, 3>()(keras::Input(tfx::shape<28, 28>));
#else
  auto y = layers::Conv2D<4, 3>()(keras::Input(tfx::shape<28, 28, 1>));
#endif
  static_cast<void>(y);
}
