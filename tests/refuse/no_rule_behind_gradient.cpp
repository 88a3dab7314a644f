// SPDX-License-Identifier: Apache-2.0
// error: has_no_gradient_rule
// error: slope_op
#include <tfx/tfx.hpp>

namespace tf = tfx;

struct slope_op : tf::transcendental<1> {
  static constexpr auto name = "Slope";
  static constexpr auto value(auto x) { return x + x; }
#ifndef REFUSED
  static constexpr auto gradient(auto dy, auto, auto) { return dy + dy; }
#endif
};
struct curve_op : tf::transcendental<1> {
  static constexpr auto name = "Curve";
  static constexpr auto value(auto x) { return x * x; }
  static constexpr auto gradient(auto dy, auto, auto x) { return dy * tf::apply<slope_op>(x); }
};

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<3>);
  auto [first] = tf::gradients(tf::apply<curve_op>(x), x);
  auto [second] = tf::gradients(first, x);  // through an op that is met in the first gradient only
  tf::Session().run(second, x = {1, 2, 3});
}
