// SPDX-License-Identifier: Apache-2.0
// error: An `initial_state` was passed that is not compatible with `cell.state_size`
#include <tfx/keras/input.hpp>
#include <tfx/keras/layers/lstm.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;

int main() {
  auto x = keras::Input(tf::shape<4, 3>);
  auto h = keras::Input<"h">(tf::shape<5>);
#ifdef REFUSED
  auto c = keras::Input<"c">(tf::shape<6>);
#else
  auto c = keras::Input<"c">(tf::shape<5>);
#endif
  [[maybe_unused]] auto y = keras::layers::LSTM<5>()(x, keras::initial_state = std::tuple(h, c));
}
