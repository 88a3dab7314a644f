// SPDX-License-Identifier: Apache-2.0
// error: has_no_gradient_rule
// error: wobble_op
#include <tfx/tfx.hpp>

namespace tf = tfx;

struct wobble_op : tf::transcendental<1> {
  static constexpr auto name = "Wobble";
  static constexpr auto value(auto x) { return x; }
#ifndef REFUSED
  static constexpr auto gradient(auto dy, auto, auto) { return dy; }
#endif
};

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<5>);
  auto y = tf::build([](auto h) { return tf::apply<wobble_op>(h) * 2.0f; })(x);
  auto [dx] = tf::gradients(y, x);
  return static_cast<int>(sizeof dx);
}
