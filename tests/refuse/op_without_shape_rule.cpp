// SPDX-License-Identifier: Apache-2.0
// error: op_needs<probe_op
// error: op_member::infer
#include <tfx/tfx.hpp>

namespace tf = tfx;

struct probe_op : tf::elementwise<1> {
  static constexpr auto name = "Probe";
#ifdef REFUSED
  static constexpr void infre(tf::inference& call) { infer_same(call, tf::only_floating); }
#else
  static constexpr void infer(tf::inference& call) { infer_same(call, tf::only_floating); }
#endif
  static constexpr auto value(auto x) { return x * x; }
};

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<3>);
  [[maybe_unused]] auto y = tf::apply<probe_op>(x);
}
