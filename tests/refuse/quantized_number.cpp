// SPDX-License-Identifier: Apache-2.0
// error: quantized_numbers_have_no_arithmetic_use_dequantize
// error: multiply_op
// error: quint8
#include <tfx/tfx.hpp>
namespace tf = tfx;

int main() {
  auto q = tf::placeholder<"q", tf::quint8>(tf::shape<2>);
  [[maybe_unused]] auto x = tf::dequantize(q, -1.0f, 1.0f) * 0.5f;
#ifdef REFUSED
  auto half = q * 0.5f;
#endif
}
