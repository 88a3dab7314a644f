// SPDX-License-Identifier: Apache-2.0
// error: If a RNN is stateful, it needs to know its batch size
#include <tfx/keras/input.hpp>
#include <tfx/keras/layers/gru.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;

int main() {
#ifdef REFUSED
  auto x = keras::Input(tf::shape<4, 3>);
#else
  auto x = tf::placeholder<"x", float>(tf::shape<2, 4, 3>);
#endif
  [[maybe_unused]] auto y = keras::layers::GRU<5>(keras::stateful)(x);
}
