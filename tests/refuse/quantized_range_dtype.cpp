// SPDX-License-Identifier: Apache-2.0
// error: dtype_mismatch_use_cast
// error: dequantize_op
// error: float, double
#include <tfx/tfx.hpp>
namespace tf = tfx;

int main() {
  auto q = tf::placeholder<"q", tf::quint8>(tf::shape<2, 3>);
  auto high = tf::placeholder<"high", double>(tf::shape<>);
  [[maybe_unused]] auto x = tf::dequantize(q, 0.0, tf::cast<float>(high));
#ifdef REFUSED
  auto y = tf::dequantize(q, 0.0, high);
#endif
}
