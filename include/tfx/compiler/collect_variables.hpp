// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/leaf_ops.hpp>

TFX_BEGIN

namespace detail {
/// The variables that `root` reaches, through initial values too: the local ones, or the others.
constexpr void collect_variables(descriptor const& root, bool local, vector<descriptor const*>& found) {
  vector<descriptor const*> stack;
  numbering seen;
  seen.of(root.hash);
  stack.push_back(&root);
  while (stack.count > 0) {
    descriptor const* d = stack.items[--stack.count];
    if (is<variable_op>(d->op) && (role_of(*d) == variable_role::local) == local) found.push_back(d);
    for (int i = 0; i < d->input_count; ++i)
      if (int const met = seen.keys.count; seen.of(d->inputs[i]->hash) == met) stack.push_back(d->inputs[i]);
  }
}
}  // namespace detail

TFX_END
