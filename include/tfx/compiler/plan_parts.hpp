// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/compiler/parts.hpp>
#include <tfx/compiler/plan.hpp>

TFX_BEGIN

// A plan in three constants, for graphs without kernels that find extents.

template <template <class> class Column>
struct planning_columns {
  Column<int> ints;
  Column<buffer_entry> buffers;
  Column<arena_entry> arenas;
  Column<tensor_entry> tensors;
  Column<variable_entry> variables;
  Column<open_variable> open_variables;
  Column<extent_derivation> derivations;
  Column<check_plan> checks;
  Column<body_plan> bodies;
  Column<char> text;
  Column<i64> bytes;
  Column<detail::scratch_piece> scratch;
};
using planning = part_state<planning_columns>;
using planning_view = part_view<planning_columns>;

template <class Pass = detail::planner>
constexpr planning plan_sources(module_view const& m, descriptor const& request, step_view const& list,
                                int const* order) {
  Pass pass(m, request, list, order);
  pass.begin();
  return save<planning_columns>(pass, false);
}
template <class Pass = detail::planner>
constexpr planning plan_places(module_view const& m, descriptor const& request, step_view const& list, int const* order,
                               planning_view const& sources) {
  Pass pass(m, request, list, order);
  restore(pass, sources);
  pass.restore_regions();
  pass.place();
  return save<planning_columns>(pass, true);
}
template <class Pass = detail::planner>
constexpr run_plan plan_steps(module_view const& m, descriptor const& request, step_view const& list, int const* order,
                              planning_view const& places) {
  Pass pass(m, request, list, order);
  restore(pass, places);
  pass.restore_regions();
  pass.end();
  return static_cast<run_plan&&>(pass.out);
}

TFX_END
