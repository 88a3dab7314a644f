// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/compiler/flatten.hpp>

TFX_BEGIN

// Flattening in parts of about so many nodes.

template <template <class> class Column>
struct flattening_columns {
  Column<int> ints;
  Column<i64> words;
  Column<u64> keys;
  Column<chain_heads> heads;
  Column<node> nodes;
  Column<node_link> links;
  Column<symbol_entry> symbols;
  Column<extent_check> checks;
  Column<descriptor const*> descriptors;
  Column<detail::flattened_scope> scopes;
  Column<detail::flattened_leaf> leaves;
  Column<detail::flattened_feed> feeds;
  Column<detail::flattened_frame> frames;
  Column<detail::flattened_assignment> assignments;
  Column<detail::flattened_effect> effects;
  Column<detail::flattened_body> bodies;
};

using flattening = part_state<flattening_columns>;
using flattening_view = part_view<flattening_columns>;

template <class Pass = detail::flattener>
constexpr flattening flatten_first(descriptor const& request, int nodes) {
  Pass pass;
  pass.begin(request);
  bool const finished = pass.run(request, 2 * nodes);
  return save<flattening_columns>(pass, finished);
}
template <class Pass = detail::flattener>
constexpr flattening flatten_further(descriptor const& request, flattening_view const& before, int nodes) {
  Pass pass;
  restore(pass, before);
  bool const finished = pass.run(request, pass.done() + 2 * nodes);
  return save<flattening_columns>(pass, finished);
}
template <class Pass = detail::flattener>
constexpr module flatten_last(flattening_view const& before) {
  Pass pass;
  restore(pass, before);
  pass.end();
  return static_cast<module&&>(pass.out);
}

TFX_END
