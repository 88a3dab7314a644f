// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/tfx.hpp>

/// The results of the passes of a run that fetches `X…`, every placeholder fed as it is declared.
template <class... X>
struct passes {
  using pipeline = tfx::pipeline<tfx::detail::placeholders_of<X::hash...>::run>;
  static constexpr auto& source = pipeline::flat_graph::value;
  static constexpr auto& expanded = pipeline::full_graph::value;
  static constexpr auto& simple = pipeline::graph::value;
  static constexpr auto& steps = pipeline::steps::view;
  static constexpr auto& plan = pipeline::plan::view;
  static constexpr tfx::plan_counts count{pipeline::plan::count, pipeline::plan::facts};
};

constexpr tfx::module_counts sizes(tfx::module_view m) { return m.count; }
/// How many nodes of a module are of an op.
template <class Op>
constexpr int count(tfx::module_view m) {
  int found = 0;
  for (int id = 0; id < m.size(); ++id) found += tfx::is<Op>(m.nodes[id].op);
  return found;
}
/// The first node of an op.
template <class Op>
constexpr tfx::node const& only(tfx::module_view m) {
  int id = 0;
  while (!tfx::is<Op>(m.nodes[id].op)) ++id;
  return m.nodes[id];
}
/// An attribute of the first node of an op.
template <class Op>
constexpr tfx::i64 word(tfx::module_view m, int i) {
  return m.word(only<Op>(m), i);
}
