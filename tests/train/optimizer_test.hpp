// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <compiler/passes.hpp>
#include <support/op_test.hpp>

/// How many loops of a run of `X…` go over more than a scalar, and how many do not.
struct loop_counts {
  int over_tensors = 0, over_scalars = 0;
};
template <class... X>
constexpr loop_counts count_loops() {
  using p = passes<X...>;
  loop_counts counts;
  for (int s = 0; s < p::count.steps; ++s) {
    tfx::step const& call = p::steps.steps[s];
    int const written = p::steps.operands[call.first_operand + call.input_count];
    ++(tfx::module_view(p::simple).nodes[written].shape.rank > 0 ? counts.over_tensors : counts.over_scalars);
  }
  return counts;
}

/// A variable is what an optimizer should have made of it.
template <class V>
void check(tfx::Session& sess, V const& variable, std::vector<double> const& expected, double tolerance = 1e-6) {
  CHECK(op_test::same(sess.run(variable), expected, tolerance));
}
