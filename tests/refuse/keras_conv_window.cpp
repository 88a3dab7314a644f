// SPDX-License-Identifier: Apache-2.0
// error: negative_dimension_size_caused_by_a_window_larger_than_its_input
// error: conv2d_op
#include <tfx/keras/input.hpp>
#include <tfx/keras/layers/conv.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;

int main() {
#ifdef REFUSED
  auto x = keras::Input(tf::shape<4, 4, 1>);
#else
  auto x = keras::Input(tf::shape<5, 4, 1>);
#endif
  auto y = keras::layers::Conv2D<8, 5, 2>()(x);
  return decltype(y)::shape_type::rank == 4 ? 0 : 1;
}
