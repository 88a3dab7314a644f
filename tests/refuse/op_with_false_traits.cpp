// SPDX-License-Identifier: Apache-2.0
// error: op_needs<probe_op
// error: op_member::what_traits_say
#include <tfx/tfx.hpp>

namespace tf = tfx;

struct probe_op : tf::transcendental<1> {
  static constexpr auto name = "Probe";
  static constexpr tf::op_traits traits{.simplifies = true};
  static constexpr auto value(auto x) { return x; }
#ifdef REFUSED
  static constexpr void simplfy(tf::simplification& call) { call.keep(0); }
#else
  static constexpr void simplify(tf::simplification& call) { call.keep(0); }
#endif
};

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<3>);
  [[maybe_unused]] auto y = tf::apply<probe_op>(x);
}
