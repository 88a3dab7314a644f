// SPDX-License-Identifier: Apache-2.0
// error: quantized_numbers_have_no_arithmetic_use_dequantize
// error: add_op
// error: qint8
#include <tfx/tfx.hpp>
namespace tf = tfx;

int main() {
  auto q = tf::placeholder<"q", tf::qint8>(tf::shape<2>);
  [[maybe_unused]] auto x = tf::dequantize(q, -1.0f, 1.0f) + tf::dequantize(q, -1.0f, 1.0f);
#ifdef REFUSED
  auto sum = q + q;
#endif
}
