// SPDX-License-Identifier: Apache-2.0
// error: has_no_forward_rule
// error: probe_op
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
  static constexpr void gradient(tf::gradient_call& call) { call.dx[0] = call.dy; }
#ifndef REFUSED
  static constexpr void tangent(tf::gradient_call& call) { call.tangent = call.dx[0]; }
#endif
  template <class Call>
  static void run(Call const& call) {
    std::copy_n(call.template in<0>(), call.count(Call::out_shape()), call.out());
  }
};

int main() {
  auto x = tf::placeholder<"x", float>(tf::shape<3>);
  auto y = tf::apply<probe_op>(x);
  [[maybe_unused]] auto moved = tf::jvp(y, x, x);
}
