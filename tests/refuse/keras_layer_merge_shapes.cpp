// SPDX-License-Identifier: Apache-2.0
// error: shape_mismatch
// error: add_op
// error: extent_t<3>
// error: extent_t<4>
#include <tfx/keras/input.hpp>
#include <tfx/keras/layers/add.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;

int main() {
  auto x = keras::Input<"x">(tf::shape<3, 2>);
#ifdef REFUSED
  auto y = keras::Input<"y">(tf::shape<4, 2>);
#else
  auto y = keras::Input<"y">(tf::shape<3, 1>);
#endif
  auto sum = layers::add(x, y);
  return decltype(sum)::shape_type::rank == 3 ? 0 : 1;
}
