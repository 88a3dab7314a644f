// SPDX-License-Identifier: Apache-2.0
// error: quantized_numbers_have_no_arithmetic_use_dequantize
// error: reduce_sum_op
// error: qint32
#include <tfx/tfx.hpp>
namespace tf = tfx;

int main() {
  auto q = tf::placeholder<"q", tf::qint32>(tf::shape<2>);
  [[maybe_unused]] auto x = tf::reduce_sum(tf::cast<int>(q));
#ifdef REFUSED
  auto sum = tf::reduce_sum(q);
#endif
}
