// SPDX-License-Identifier: Apache-2.0
// error: a kernel has a size, 1 or more
#include <tfx/keras/layers/conv.hpp>
#include <tfx/tfx.hpp>

int main() {
#ifdef REFUSED
  auto layer = tfx::keras::layers::Conv2D<4>();
#else
  auto layer = tfx::keras::layers::Conv2D<4, 1>();
#endif
  static_cast<void>(layer);
}
