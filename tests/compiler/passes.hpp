// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/tfx.hpp>

/// The results of the passes of a run that fetches `X…`, every placeholder fed as it is declared.
template <class... X>
struct passes : tfx::compiled<tfx::detail::placeholders_of<X::hash...>::run> {
  static constexpr tfx::module_counts source_counts = tfx::program<tfx::detail::placeholders_of<X::hash...>::run>::source_counts;
};

/// How many nodes of a module are of an op.
template <class Op>
constexpr int count(tfx::module_view m) {
  int found = 0;
  for (int id = 0; id < m.size(); ++id) found += tfx::is<Op>(m.nodes[id].op);
  return found;
}
/// The one node of an op.
template <class Op>
constexpr tfx::node const& only(tfx::module_view m) {
  for (int id = 0; id < m.size(); ++id)
    if (tfx::is<Op>(m.nodes[id].op)) return m.nodes[id];
  throw "there is none";
}
