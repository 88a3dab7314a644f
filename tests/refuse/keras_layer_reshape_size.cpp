// SPDX-License-Identifier: Apache-2.0
// error: shape_mismatch
// error: reshape_op
// error: extent_t<4>
// error: extent_t<5>
#include <tfx/keras/input.hpp>
#include <tfx/keras/layers/reshape.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;

int main() {
  auto x = keras::Input(tf::shape<3, 4>);
#ifdef REFUSED
  auto y = layers::Reshape(tf::shape<2, 5>)(x);
#else
  auto y = layers::Reshape(tf::shape<2, -1>)(x);
#endif
  return decltype(y)::shape_type::rank == 3 ? 0 : 1;
}
