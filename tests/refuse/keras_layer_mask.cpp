// SPDX-License-Identifier: Apache-2.0
// error: layer_does_not_support_masking
// error: flatten_layer
#include <tfx/keras/input.hpp>
#include <tfx/keras/layers/flatten.hpp>
#include <tfx/keras/layers/masking.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;

int main() {
  auto x = keras::Input(tf::shape<3, 2>);
#ifdef REFUSED
  auto y = layers::Flatten()(layers::Masking()(x));
#else
  auto y = layers::Flatten()(x);
#endif
  return decltype(y)::shape_type::rank == 2 ? 0 : 1;
}
