// SPDX-License-Identifier: Apache-2.0
// error: keras::data_format is channels_last: transpose images whose channels come first
#include <tfx/keras/layers/conv.hpp>
#include <tfx/tfx.hpp>

namespace keras = tfx::keras;

int main() {
#ifdef REFUSED
  auto layer = keras::layers::Conv2D<4, 3>(keras::data_format<"channels_first">);
#else
  auto layer = keras::layers::Conv2D<4, 3>(keras::data_format<"channels_last">);
#endif
  static_cast<void>(layer);
}
