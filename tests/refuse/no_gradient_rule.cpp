// SPDX-License-Identifier: Apache-2.0
// error: has_no_gradient_rule
// error: probe_op
#include <tfx/tfx.hpp>

namespace tf = tfx;

struct probe_op : tf::transcendental<1> {
  static constexpr auto name = "Probe";
  static constexpr auto value(auto x) { return x * x; }
#ifdef REFUSED  // misspelt: the rule is missing
  static constexpr auto gradeint(auto dy, auto, auto x) { return 2.0 * dy * x; }
#else
  static constexpr auto gradient(auto dy, auto, auto x) { return 2.0 * dy * x; }
#endif
};

int main() {
  auto w = tf::variable<"w">(tf::zeros(tf::shape<3>));
  auto loss = tf::reduce_sum(tf::apply<probe_op>(w) + 2.0f * w);
  [[maybe_unused]] auto step = tf::train::GradientDescentOptimizer(0.5f).minimize(loss);
}
