// SPDX-License-Identifier: Apache-2.0
// error: quantize: Round mode 'HALF_TO_EVEN' only supported for mode 'SCALED'
#include <tfx/tfx.hpp>
namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<3>);
  auto q = tf::quantize<tf::qint8>(x, -1.0f, 1.0f, tf::mode::SCALED, tf::round_mode::HALF_TO_EVEN);
#ifdef REFUSED
  auto r = tf::quantize<tf::qint8>(x, -1.0f, 1.0f, tf::mode::MIN_FIRST, tf::round_mode::HALF_TO_EVEN);
#endif
}
