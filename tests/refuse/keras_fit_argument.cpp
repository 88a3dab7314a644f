// SPDX-License-Identifier: Apache-2.0
// error: layer_does_not_take_this_argument
// error: dropout_layer
#include <tfx/keras/initializers.hpp>
#include <tfx/keras/layers/dropout.hpp>
#include <tfx/tfx.hpp>

namespace keras = tfx::keras;

int main() {
#ifdef REFUSED
  auto layer = keras::layers::Dropout(0.5, keras::kernel_initializer = tfx::zeros_initializer());
#else
  auto layer = keras::layers::Dropout(0.5);
#endif
  static_cast<void>(layer);
}
