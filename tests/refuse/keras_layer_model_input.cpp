// SPDX-License-Identifier: Apache-2.0
// error: model_is_called_with_another_tensor_than_its_input
// error: 4>
// error: 5>
#include <tfx/keras/layers/dense.hpp>
#include <tfx/keras/model.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;

int main() {
  auto model = keras::Sequential<"net">(keras::Input(tf::shape<4>), layers::Dense<2>());
#ifdef REFUSED
  auto x = keras::Input<"x">(tf::shape<5>);
#else
  auto x = keras::Input<"x">(tf::shape<4>);
#endif
  auto y = model(x);
  return decltype(y)::shape_type::rank == 2 ? 0 : 1;
}
