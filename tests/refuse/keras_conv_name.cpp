// SPDX-License-Identifier: Apache-2.0
// error: a layer's name is the last of what stands in its angle brackets
#include <tfx/keras/layers/conv.hpp>
#include <tfx/tfx.hpp>

int main() {
#ifdef REFUSED
  auto layer = tfx::keras::layers::Conv2D<4, "first", 3>();
#else
  auto layer = tfx::keras::layers::Conv2D<4, 3, "first">();
#endif
  static_cast<void>(layer);
}
