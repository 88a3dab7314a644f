// SPDX-License-Identifier: Apache-2.0
// error: shape_mismatch
// error: matmul_op
// error: extent_t<3>
// error: extent_t<4>
#include <tfx/keras/input.hpp>
#include <tfx/keras/layers/dot.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;

int main() {
  auto x = keras::Input<"x">(tf::shape<3>);
#ifdef REFUSED
  auto y = keras::Input<"y">(tf::shape<4>);
#else
  auto y = keras::Input<"y">(tf::shape<3>);
#endif
  auto product = layers::dot<1>(x, y);
  return decltype(product)::shape_type::rank == 2 ? 0 : 1;
}
