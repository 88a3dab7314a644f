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
/// The variables that input 0 reaches, and none of the others.
constexpr void collect_beyond(descriptor const& d, vector<descriptor const*>& found) {
  vector<descriptor const*> all, known;
  collect_variables(*d.inputs[0], false, all);
  for (int i = 1; i < d.input_count; ++i) collect_variables(*d.inputs[i], false, known);
  numbering keys;
  for (descriptor const* v : known) keys.of(variable_key(*v));
  for (descriptor const* v : all)
    if (keys.find(variable_key(*v)) < 0) found.push_back(v);
}
}  // namespace detail

TFX_END
