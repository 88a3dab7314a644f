// SPDX-License-Identifier: Apache-2.0
// error: output_padding must be less than the strides
#include <tfx/keras/input.hpp>
#include <tfx/keras/layers/conv2d_transpose.hpp>
#include <tfx/tfx.hpp>

namespace keras = tfx::keras;

int main() {
  auto x = keras::Input(tfx::shape<5, 6, 1>);
#ifdef REFUSED
  auto y = keras::layers::Conv2DTranspose<4, 3>(keras::strides<2>, keras::output_padding<2>)(x);
#else
  auto y = keras::layers::Conv2DTranspose<4, 3>(keras::strides<2>, keras::output_padding<1>)(x);
#endif
  static_cast<void>(y);
}
