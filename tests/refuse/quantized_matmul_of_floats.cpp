// SPDX-License-Identifier: Apache-2.0
// error: needs_quantized_numbers_use_quantize
// error: quantized_matmul_op
// error: float
#include <tfx/tfx.hpp>
namespace tf = tfx;

int main() {
  auto a = tf::placeholder<"a", tf::quint8>(tf::shape<2, 3>);
  auto x = tf::placeholder<"x", float>(tf::shape<3, 4>);
  auto [q, low, high] = tf::quantize<tf::quint8>(x, 0.0f, 1.0f);
  auto [c, min_c, max_c] = tf::quantized_matmul(a, q, 0.0f, 1.0f, low, high);
#ifdef REFUSED
  auto [d, min_d, max_d] = tf::quantized_matmul(a, x, 0.0f, 1.0f, 0.0f, 1.0f);
#endif
}
