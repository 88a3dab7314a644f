// SPDX-License-Identifier: Apache-2.0
// error: shape_mismatch
// error: matmul_op
// error: shape_t<5, 2>
// error: shape_t<3, 2>
// shown: tf::matmul(h, w)
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<5, 2>);
#ifdef REFUSED
  constexpr int inputs = 3;
#else
  constexpr int inputs = 2;
#endif
  auto layer = tf::build([](auto h) {
    auto w = tf::variable("w", tf::zeros({inputs, 2}));
    return tf::matmul(h, w);
  });
  auto y = layer(x);
  tf::Session().run(tf::global_variables_initializer(y));
}
