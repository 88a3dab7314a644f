// SPDX-License-Identifier: Apache-2.0
// error: layer_does_not_take_this_argument
#include <tfx/keras/layers/conv.hpp>
#include <tfx/keras/layers/depthwise_conv2d.hpp>
#include <tfx/tfx.hpp>

namespace keras = tfx::keras;

int main() {
#ifdef REFUSED
  auto layer = keras::layers::Conv2D<4, 3>(keras::depth_multiplier<2>);
#else
  auto layer = keras::layers::DepthwiseConv2D<3>(keras::depth_multiplier<2>);
#endif
  static_cast<void>(layer);
}
