// SPDX-License-Identifier: Apache-2.0
// error: a recurrent layer drops as Keras' implementation 2 does
#include <tfx/keras/input.hpp>
#include <tfx/keras/layers/gru.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;

int main() {
  auto x = keras::Input(tf::shape<4, 3>);
#ifdef REFUSED
  auto layer = keras::layers::GRU<5>(keras::implementation<1>, keras::dropout = 0.5);
#else
  auto layer = keras::layers::GRU<5>(keras::implementation<2>, keras::dropout = 0.5);
#endif
  [[maybe_unused]] auto y = layer(x);
}
