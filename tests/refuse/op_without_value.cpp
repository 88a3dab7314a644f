// SPDX-License-Identifier: Apache-2.0
// error: op_needs<probe_op
// error: op_member::value
#include <tfx/tfx.hpp>

namespace tf = tfx;

struct probe_op : tf::transcendental<1> {
  static constexpr auto name = "Probe";
#ifdef REFUSED
  static constexpr auto valeu(auto x) { return x * x; }
#else
  static constexpr auto value(auto x) { return x * x; }
#endif
};

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<3>);
  [[maybe_unused]] auto y = tf::apply<probe_op>(x);
}
