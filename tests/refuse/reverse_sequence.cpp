// SPDX-License-Identifier: Apache-2.0
// error: dtype_mismatch_use_cast
// error: reverse_sequence_op
// error: float
#include <tfx/op/array/reverse_sequence.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::zeros(tf::shape<2, 3>);
#ifdef REFUSED
  auto lengths = tf::zeros(tf::shape<2>);
#else
  auto lengths = tf::zeros<int>(tf::shape<2>);
#endif
  tf::Session().run(tf::reverse_sequence(x, lengths, tf::axis<1>));
}
