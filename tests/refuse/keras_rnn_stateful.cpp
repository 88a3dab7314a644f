// SPDX-License-Identifier: Apache-2.0
// error: a stateful layer needs to know its batch size
#include <tfx/keras/input.hpp>
#include <tfx/keras/layers/gru.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;

int main() {
  auto x = keras::Input(tf::shape<4, 3>);
#ifdef REFUSED
  auto layer = keras::layers::GRU<5>(keras::stateful);
#else
  auto layer = keras::layers::GRU<5>(keras::return_state);
#endif
  [[maybe_unused]] auto y = layer(x);
}
