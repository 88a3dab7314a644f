// SPDX-License-Identifier: Apache-2.0
// error: Permute takes the axes 1, 2, ... in their new order, each once
#include <tfx/keras/input.hpp>
#include <tfx/keras/layers/permute.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;

int main() {
  auto x = keras::Input(tf::shape<3, 4>);
#ifdef REFUSED
  auto y = layers::Permute<2, 2>()(x);
#else
  auto y = layers::Permute<2, 1>()(x);
#endif
  return decltype(y)::shape_type::rank == 3 ? 0 : 1;
}
