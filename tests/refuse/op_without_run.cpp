// SPDX-License-Identifier: Apache-2.0
// error: op_needs<probe_op
// error: op_member::run
#include <tfx/tfx.hpp>

namespace tf = tfx;

struct probe_op {
  static constexpr auto name = "Probe";
  static constexpr tf::op_kind kind = tf::op_kind::kernel;
  static constexpr tf::op_traits traits{};
  static constexpr void infer(tf::inference& call) {
    call.type = call.types[0];
    call.shape = call.shapes[0];
  }
#ifndef REFUSED
  template <class Call>
  static void run(Call const&) {}
#endif
};

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<3>);
  [[maybe_unused]] auto y = tf::apply<probe_op>(x);
}
