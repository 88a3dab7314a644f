// SPDX-License-Identifier: Apache-2.0
// error: may_fial
#include <tfx/tfx.hpp>

namespace tf = tfx;

struct probe_op : tf::transcendental<1> {
  static constexpr auto name = "Probe";
#ifdef REFUSED
  static constexpr tf::op_traits traits{.may_fial = true};
#else
  static constexpr tf::op_traits traits{.may_fail = true};
#endif
  static constexpr auto value(auto x) { return x * x; }
};

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<3>);
  [[maybe_unused]] auto y = tf::apply<probe_op>(x);
}
