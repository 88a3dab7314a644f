// SPDX-License-Identifier: Apache-2.0
// error: keras::padding knows no such word: it is valid, same or, for sequences, causal
#include <tfx/keras/layers/conv.hpp>
#include <tfx/tfx.hpp>

namespace keras = tfx::keras;

int main() {
#ifdef REFUSED
  auto layer = keras::layers::Conv2D<4, 3>(keras::padding<"sane">);
#else
  auto layer = keras::layers::Conv2D<4, 3>(keras::padding<"same">);
#endif
  static_cast<void>(layer);
}
