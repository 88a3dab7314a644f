// SPDX-License-Identifier: Apache-2.0
// error: sizes, strides and dilations of a layer are one number for all axes, or one for each
#include <tfx/keras/layers/conv.hpp>
#include <tfx/tfx.hpp>

int main() {
#ifdef REFUSED
  auto layer = tfx::keras::layers::Conv3D<4, 3, 5>();
#else
  auto layer = tfx::keras::layers::Conv3D<4, 3, 5, 5>();
#endif
  static_cast<void>(layer);
}
