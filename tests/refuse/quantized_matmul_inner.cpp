// SPDX-License-Identifier: Apache-2.0
// error: shape_mismatch
// error: quantized_matmul_op
// error: shape_t<2, 3>
// error: shape_t<4, 3>
#include <tfx/tfx.hpp>
namespace tf = tfx;

int main() {
  auto a = tf::placeholder<"a", tf::quint8>(tf::shape<2, 3>);
  auto b = tf::placeholder<"b", tf::qint8>(tf::shape<4, 3>);
  auto [c, min_c, max_c] = tf::quantized_matmul(a, b, 0.0f, 1.0f, -1.0f, 1.0f, tf::transpose_b);
#ifdef REFUSED
  auto [d, min_d, max_d] = tf::quantized_matmul(a, b, 0.0f, 1.0f, -1.0f, 1.0f);
#endif
}
