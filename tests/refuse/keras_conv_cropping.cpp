// SPDX-License-Identifier: Apache-2.0
// error: layer_crops_more_than_its_input_has
// error: Cropping2D
// error: 5,6,1>
// error: words<4,2,0,0>
#include <tfx/keras/input.hpp>
#include <tfx/keras/layers/cropping.hpp>
#include <tfx/tfx.hpp>

int main() {
  auto x = tfx::keras::Input(tfx::shape<5, 6, 1>);
#ifdef REFUSED
  auto y = tfx::keras::layers::Cropping2D<4, 2, 0, 0>()(x);
#else
  auto y = tfx::keras::layers::Cropping2D<4, 1, 0, 0>()(x);
#endif
  static_cast<void>(y);
}
