// SPDX-License-Identifier: Apache-2.0
// error: rank_mismatch_use_expand_dims
// error: quantize_op
// error: shape_t<3>
#include <tfx/tfx.hpp>
namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<2, 3>);
  auto [q, low, high] = tf::quantize<tf::quint8>(x, tf::reduce_min(x), 1.0f);
#ifdef REFUSED
  auto [r, each, most] = tf::quantize<tf::quint8>(x, tf::reduce_min(x, tf::axis<0>), 1.0f);
#endif
}
