// SPDX-License-Identifier: Apache-2.0
// error: layer_does_not_take_this_argument
// error: dropout_layer
#include <tfx/keras/activations.hpp>
#include <tfx/keras/layers/dropout.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;

int main() {
#ifdef REFUSED
  auto layer = layers::Dropout(0.5, keras::activation<"relu">);
#else
  auto layer = layers::Dropout(0.5, tf::seed(7));
#endif
  return layer.rate > 0 ? 0 : 1;
}
