// SPDX-License-Identifier: Apache-2.0
// error: is of Conv1D and SeparableConv1D alone
#include <tfx/keras/input.hpp>
#include <tfx/keras/layers/conv.hpp>
#include <tfx/tfx.hpp>

namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;

int main() {
#ifdef REFUSED
  auto y = layers::Conv2D<4, 3>(keras::padding<"causal">)(keras::Input(tfx::shape<8, 8, 2>));
#else
  auto y = layers::Conv1D<4, 3>(keras::padding<"causal">)(keras::Input(tfx::shape<8, 2>));
#endif
  static_cast<void>(y);
}
