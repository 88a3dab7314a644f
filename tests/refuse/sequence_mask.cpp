// SPDX-License-Identifier: Apache-2.0
// error: dtype_mismatch_use_cast
// error: sequence_mask_op
// error: float
#include <tfx/op/array/sequence_mask.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
#ifdef REFUSED
  auto lengths = tf::zeros(tf::shape<2>);
#else
  auto lengths = tf::zeros<int>(tf::shape<2>);
#endif
  tf::Session().run(tf::sequence_mask(lengths, tf::maxlen<4>));
}
