// SPDX-License-Identifier: Apache-2.0
// error: a Model's layers do not see the mask of what it is called with
#include <tfx/keras/layers/dense.hpp>
#include <tfx/keras/layers/masking.hpp>
#include <tfx/keras/model.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;

int main() {
  auto in = keras::Input<"in">(tf::shape<3, 4>);
#ifdef REFUSED
  auto model = keras::Model<"net">(in, layers::Dense<2>()(in));
#else
  auto model = keras::Sequential<"net">(in, layers::Dense<2>());
#endif
  [[maybe_unused]] auto y = model(layers::Masking()(keras::Input(tf::shape<3, 4>)));
}
