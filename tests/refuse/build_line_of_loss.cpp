// SPDX-License-Identifier: Apache-2.0
// error: shape_mismatch
// error: shape_t<5, 2>
// error: shape_t<5, 3>
// shown: return tf::losses::mean_squared_error
#include <tfx/tfx.hpp>

namespace tf = tfx;

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<5, 2>);
#ifdef REFUSED
  constexpr int wanted = 3;
#else
  constexpr int wanted = 2;
#endif
  auto loss = tf::build([](auto h) {
    auto labels = tf::ones({5, wanted});
    return tf::losses::mean_squared_error(labels, tf::tanh(h));
  });
  auto y = loss(x);
  auto [dx] = tf::gradients(y, x);
  return static_cast<int>(sizeof dx);
}
