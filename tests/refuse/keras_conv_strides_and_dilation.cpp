// SPDX-License-Identifier: Apache-2.0
// error: a stride other than 1 is incompatible with a dilation_rate other than 1
#include <tfx/keras/layers/conv.hpp>
#include <tfx/tfx.hpp>

namespace keras = tfx::keras;

int main() {
#ifdef REFUSED
  auto layer = keras::layers::Conv2D<4, 3>(keras::strides<2>, keras::dilation_rate<2>);
#else
  auto layer = keras::layers::Conv2D<4, 3>(keras::strides<1>, keras::dilation_rate<2>);
#endif
  static_cast<void>(layer);
}
