// SPDX-License-Identifier: Apache-2.0
// error: the_channel_dimension_of_the_inputs_should_be_defined
// error: Conv2D
#include <tfx/keras/input.hpp>
#include <tfx/keras/layers/conv.hpp>
#include <tfx/tfx.hpp>

namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;

int main() {
#ifdef REFUSED
  auto y = layers::Conv2D<4, 3>()(keras::Input(tfx::shape<28, 28, tfx::dim<"channels">>));
#else
  auto y = layers::Conv2D<4, 3>()(keras::Input(tfx::shape<28, 28, 1>));
#endif
  static_cast<void>(y);
}
