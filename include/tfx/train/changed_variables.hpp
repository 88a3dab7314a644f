// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/leaf_ops.hpp>

TFX_BEGIN

namespace detail {

/// A variable that a step changes, and the input of the step that reaches it.
struct changed_variable {
  descriptor const* variable;
  int input;
};
/// The variables that a loss is lowered along, in the order in which they are met; `untrained` is how many others of a
/// floating dtype it depends on.
struct trained_variables {
  vector<changed_variable> list;
  int untrained = 0;
};
constexpr trained_variables variables_of_loss(descriptor const& loss) {
  trained_variables found;
  vector<descriptor const*> stack;
  numbering seen, keys;
  seen.of(loss.hash);
  stack.push_back(&loss);
  while (!stack.empty()) {
    descriptor const& d = *stack.back();
    stack.pop_back();
    if (is<variable_op>(d.op)) {
      int const known = keys.keys.count;
      if (!is_floating(d.type) || keys.of(variable_key(d)) < known) continue;
      if (role_of(d) == variable_role::trained) {
        found.list.push_back({&d, 0});
      } else {
        ++found.untrained;
      }
      continue;
    }
    for (int i = d.input_count - 1; i >= 0; --i)
      if (int const known = seen.keys.count; seen.of(d.inputs[i]->hash) == known) stack.push_back(d.inputs[i]);
  }
  return found;
}

/// What is written behind a step's token: nothing; the variables that it changes; or their gradients and themselves.
enum class written_variables : unsigned char { none, alone, with_gradients };
constexpr int place_of_token(descriptor const* const* step) {
  int at = 0;
  while (!step[at]->op->is_token) ++at;
  return at;
}
constexpr vector<changed_variable> changed_variables(descriptor const* const* step, int input_count,
                                                     written_variables written) {
  if (written == written_variables::none) return variables_of_loss(*step[0]).list;
  int const each = written == written_variables::alone ? 1 : 2;
  vector<changed_variable> found;
  for (int i = place_of_token(step) + each; i < input_count; i += each) found.push_back({&meaning(*step[i]), i});
  return found;
}

/// How many variables of a floating dtype a loss depends on.
struct training {
  int trained, untrained;
};
constexpr training count_trained(descriptor const& loss) {
  trained_variables const found = variables_of_loss(loss);
  return {found.list.size(), found.untrained};
}
}  // namespace detail

TFX_END
