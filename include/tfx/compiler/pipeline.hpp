// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/compiler/differentiate.hpp>
#include <tfx/compiler/flatten_parts.hpp>
#include <tfx/compiler/place_regions.hpp>
#include <tfx/compiler/plan_parts.hpp>
#include <tfx/compiler/simplify.hpp>
#include <tfx/kernel/epilogue.hpp>
#include <tfx/kernel/text_loop.hpp>

TFX_BEGIN

namespace detail {

// The passes, each with room for what it makes: about as much as what that comes from; a reverse sweep adds two or
// three nodes for each. Too little of it costs a second run of the pass, what is not used nothing: small graphs have
// one size, so that their tables are of the same types. A pass that finds a graph to be too large for one constant says
// that it is not finished, and is done in parts, as many as it takes.

constexpr int at_least(int least, int count) { return count > least ? count : least; }
constexpr module_counts room_for(module_counts c, int times) {
  return {at_least(2000, c.nodes * times),
          at_least(4000, c.edges * times),
          at_least(4000, c.words * times),
          at_least(16, c.symbols + 8),
          at_least(16, c.checks + 8),
          at_least(16, c.fetches),
          at_least(16, c.feeds),
          at_least(16, c.extent_sources),
          0,
          0};
}
/// Room for what is between two parts of flattening, which have met so many descriptors.
constexpr lengths_of<flattening_columns> room_of_flattening(int met) {
  return {.ints = 12 * met,
          .words = 2 * met,
          .keys = 4 * met,
          .heads = 8,
          .nodes = 2 * met,
          .links = 2 * met,
          .symbols = 64,
          .checks = 64,
          .descriptors = met,
          .scopes = met,
          .leaves = 64,
          .feeds = 64,
          .frames = met,
          .assignments = met,
          .effects = 64,
          .bodies = 16};
}
constexpr module_counts room_of_flattened(lengths_of<flattening_columns> const& c) {
  return {c.nodes, c.ints, c.words, c.symbols + 8, c.checks + 8, c.ints, c.feeds, c.ints, 0, 0};
}
/// The same for a pass that makes a graph of another one, up to `more` nodes more.
constexpr lengths_of<rewriting_columns> room_of_rewriting(module_counts const& c, int more) {
  int const nodes = c.nodes + more + 200, edges = c.edges + 3 * more;
  return {.ints = edges + 4 * nodes,
          .marks = nodes,
          .words = c.words + 3 * more,
          .heads = 2,
          .nodes = nodes,
          .links = nodes,
          .symbols = c.symbols + 16,
          .checks = c.checks + 16};
}

/// The last of the parts of a pass, Parts::part<0>, part<1>, … up to one that is finished.
template <class Parts, int Part = 0, bool Finished = result<typename Parts::template part<Part>>::facts.finished>
struct last_part : last_part<Parts, Part + 1> {};
template <class Parts, int Part>
struct last_part<Parts, Part, true> {
  using type = result<typename Parts::template part<Part>>;
};
/// The result of a pass, or, where that is not finished, of the same in parts (see parts.hpp).
template <class AtOnce, class InParts, bool Finished = result<AtOnce>::facts.finished>
struct finished_result {
  using type = result<AtOnce>;
};
template <class AtOnce, class InParts>
struct finished_result<AtOnce, InParts, false> {
  using type = result<InParts>;
};

template <u64 Request>
struct flatten_pass {
  static constexpr module_counts room = room_for({}, 1);
  static constexpr module run() { return flatten(*lookup(key<Request>{})); }
};
template <u64 Request>
struct flatten_parts {
  template <int Part>
  struct part {
    static constexpr auto room = room_of_flattening(2 * (Part + 1) * part_nodes);
    static constexpr flattening run() {
      if constexpr (Part == 0) {
        return flatten_first(*lookup(key<Request>{}), part_nodes);
      } else {
        return flatten_further(*lookup(key<Request>{}), result<part<Part - 1>>::value, part_nodes);
      }
    }
  };
};
template <u64 Request>
struct flatten_in_parts {
  using last = typename last_part<flatten_parts<Request>>::type;
  static constexpr module_counts room = room_of_flattened(last::count);
  static constexpr module run() { return flatten_last(last::value); }
};
template <u64 Request>
using flat_graph = typename finished_result<flatten_pass<Request>, flatten_in_parts<Request>>::type;

template <u64 Request>
struct differentiate_pass {
  static constexpr module_counts room = room_for(flat_graph<Request>::count, 8);
  static constexpr module run() { return differentiate(flat_graph<Request>::value); }
};
template <u64 Request>
struct differentiate_parts {
  using graph = flat_graph<Request>;
  template <int Part>
  struct part {
    static constexpr auto room = room_of_rewriting(graph::count, (Part + 1) * part_nodes);
    static constexpr rewriting run() {
      if constexpr (Part == 0) {
        return differentiate_first(graph::value, part_nodes);
      } else {
        return differentiate_further(graph::value, result<part<Part - 1>>::value, part_nodes);
      }
    }
  };
};
template <u64 Request>
struct differentiate_in_parts {
  using last = typename last_part<differentiate_parts<Request>>::type;
  static constexpr module_counts room = differentiate_pass<Request>::room;
  static constexpr module run() { return differentiate_last(flat_graph<Request>::value, last::value); }
};
/// A graph without markers is what differentiation would make of it.
template <u64 Request, bool HasMarkers = flat_graph<Request>::facts.has_markers>
struct derivatives {
  using graph = typename finished_result<differentiate_pass<Request>, differentiate_in_parts<Request>>::type;
};
template <u64 Request>
struct derivatives<Request, false> {
  using graph = flat_graph<Request>;
};
template <u64 Request>
using full_graph = typename derivatives<Request>::graph;

template <u64 Request>
struct simplify_pass {
  static constexpr module_counts room = room_for(full_graph<Request>::count, 2);
  static constexpr module run() { return simplify(full_graph<Request>::value); }
};
template <u64 Request>
struct simplify_parts {
  using graph = full_graph<Request>;
  template <int Part>
  struct part {
    static constexpr auto room = room_of_rewriting(graph::count, part_nodes);
    static constexpr rewriting run() {
      if constexpr (Part == 0) {
        return simplify_first(graph::value, part_nodes);
      } else {
        return simplify_further(graph::value, result<part<Part - 1>>::value, (Part + 1) * part_nodes);
      }
    }
  };
};
template <u64 Request>
struct simplify_in_parts {
  using last = typename last_part<simplify_parts<Request>>::type;
  static constexpr module_counts room = simplify_pass<Request>::room;
  static constexpr module run() { return simplify_last(full_graph<Request>::value, last::value); }
};
template <u64 Request>
struct copy_reads_in_parts {
  static constexpr module_counts room = simplify_pass<Request>::room;
  static constexpr module run() { return copy_late_reads(result<simplify_in_parts<Request>>::value); }
};
template <u64 Request, bool Finished = result<simplify_pass<Request>>::facts.finished>
struct simplified {
  using graph = result<simplify_pass<Request>>;
};
template <u64 Request, bool Any = has_late_reads(result<simplify_in_parts<Request>>::value)>
struct without_late_reads {
  using graph = result<simplify_in_parts<Request>>;
};
template <u64 Request>
struct without_late_reads<Request, true> {
  using graph = result<copy_reads_in_parts<Request>>;
};
template <u64 Request>
struct simplified<Request, false> : without_late_reads<Request> {};
template <u64 Request>
using simple_graph = typename simplified<Request>::graph;

template <u64 Request>
struct region_pass {
  static constexpr module_counts counts = simple_graph<Request>::count;
  static constexpr module_counts room = [] {
    module_counts room = room_for(counts, 2);
    room.placed = room.nodes;
    room.regions = 64;
    return room;
  }();
  static constexpr module run() { return place_regions(simple_graph<Request>::value); }
};
/// A graph without loops and branches is one region.
template <u64 Request, bool HasRegions = flat_graph<Request>::facts.has_regions>
struct placed {
  using graph = result<region_pass<Request>>;
};
template <u64 Request>
struct placed<Request, false> {
  using graph = simple_graph<Request>;
};
template <u64 Request>
using placed_graph = typename placed<Request>::graph;

template <u64 Request, bool FuseAssignments>
struct fuse_pass {
  using graph = placed_graph<Request>;
  static constexpr int nodes = at_least(1000, graph::count.nodes);
  static constexpr step_counts room{nodes, nodes, 10 * nodes, at_least(3000, graph::count.edges + nodes), nodes};
  static constexpr step_list run() { return fuse(graph::value, FuseAssignments); }
};
template <u64 Request, bool FuseAssignments>
struct group_parts {
  using graph = placed_graph<Request>;
  template <int Part>
  struct part {
    static constexpr lengths_of<counting_columns> room{12 * graph::count.nodes + 16, graph::count.nodes, 2};
    static constexpr partial_groups run() {
      if constexpr (Part == 0) {
        return group_first(graph::value, FuseAssignments, part_nodes);
      } else {
        return group_further(graph::value, FuseAssignments, result<part<Part - 1>>::value, (Part + 1) * part_nodes);
      }
    }
  };
};
template <u64 Request, bool FuseAssignments>
struct group_pass {
  using graph = placed_graph<Request>;
  using last = typename last_part<group_parts<Request, FuseAssignments>>::type;
  static constexpr int nodes = graph::count.nodes;
  static constexpr lengths_of<group_columns> room{nodes, nodes, nodes, nodes, nodes};
  static constexpr groups run() { return group_last(graph::value, FuseAssignments, last::value); }
};
template <u64 Request, bool FuseAssignments, int Part>
struct fuse_part_pass {
  using grouping = result<group_pass<Request, FuseAssignments>>;
  static constexpr step_counts room{part_nodes, part_nodes, 10 * part_nodes, 4 * part_nodes, 2 * part_nodes};
  static constexpr step_list run() {
    return fuse_part(placed_graph<Request>::value, grouping::value, grouping::facts.any_texts, Part * part_nodes,
                     (Part + 1) * part_nodes);
  }
};
template <u64 Request, bool FuseAssignments>
  requires(placed_graph<Request>::count.nodes > part_nodes)
struct fuse_pass<Request, FuseAssignments> {
  using graph = placed_graph<Request>;
  static constexpr int nodes = graph::count.nodes;
  static constexpr step_counts room{nodes, nodes, 10 * nodes, graph::count.edges + nodes, nodes};
  template <int... Part>
  static constexpr step_list join_all(std::integer_sequence<int, Part...>) {
    return join({result<fuse_part_pass<Request, FuseAssignments, Part>>::view...});
  }
  static constexpr step_list run() {
    return join_all(std::make_integer_sequence<int, (nodes + part_nodes - 1) / part_nodes>{});
  }
};
template <u64 Request, bool FuseAssignments>
struct schedule_pass {
  using steps = result<fuse_pass<Request, FuseAssignments>>;
  static constexpr lengths_of<order_columns> room{at_least(1000, steps::count.steps)};
  static constexpr step_order run() { return schedule(placed_graph<Request>::value, steps::value); }
};
/// Loops write variables where no step then waits for itself, else separate steps do.
template <u64 Request, bool FuseAssignments = true>
struct schedule_of {
  using steps = result<fuse_pass<Request, FuseAssignments>>;
  using order = result<schedule_pass<Request, FuseAssignments>>;
};
template <u64 Request, bool Acyclic = schedule_of<Request>::order::facts.acyclic>
struct acyclic_schedule : schedule_of<Request> {};
template <u64 Request>
struct acyclic_schedule<Request, false> : schedule_of<Request, false> {
  static_assert(schedule_of<Request, false>::order::facts.acyclic, "tfx: assignments wait for each other");
};

/// The plan of a large graph before it has steps; `Placed`: there is memory for all that they make.
template <u64 Request, bool Placed>
struct plan_part_pass {
  using graph = placed_graph<Request>;
  using schedule = acyclic_schedule<Request>;
  static constexpr int nodes = graph::count.nodes;
  static constexpr lengths_of<planning_columns> room{
      .ints = 3 * nodes + 64,
      .buffers = 2 * nodes,
      .arenas = 16,
      .tensors = nodes + graph::count.feeds,
      .variables = nodes,
      .open_variables = 16,
      .derivations = at_least(16, graph::count.symbols),
      .checks = at_least(16, graph::count.checks),
      .bodies = graph::count.regions,
      .text = 16 * nodes,
      .bytes = 2 * nodes,
      .scratch = nodes,
  };
  static constexpr planning run() {
    module_view const m(graph::value);
    step_view const steps = schedule::steps::value;
    descriptor const& request = *lookup(key<Request>{});
    int const* const order = schedule::order::view.order;
    if constexpr (Placed) {
      return plan_places(m, request, steps, order, result<plan_part_pass<Request, false>>::value);
    } else {
      return plan_sources(m, request, steps, order);
    }
  }
};
template <u64 Request>
struct plan_pass {
  using graph = placed_graph<Request>;
  using schedule = acyclic_schedule<Request>;
  static constexpr int nodes = at_least(1000, graph::count.nodes);
  static constexpr lengths_of<plan_columns> room{
      .steps = nodes,
      .slots = at_least(4000, schedule::steps::count.operands + schedule::steps::count.symbols),
      .buffers = nodes,
      .arenas = 16,
      .feeds = at_least(16, graph::count.feeds),
      .literals = nodes,
      .fetches = at_least(16, graph::count.fetches),
      .variables = nodes,
      .open_variables = 16,
      .symbols = at_least(16, graph::count.symbols),
      .derivations = at_least(16, graph::count.symbols),
      .checks = at_least(16, graph::count.checks),
      .bodies = graph::count.regions,
      .findings = 16,
      .text = 8 * nodes,
  };
  static constexpr bool in_parts = graph::count.nodes > 2 * part_nodes && !finds_extents(graph::value);
  static constexpr run_plan run() {
    module_view const m(graph::value);
    step_view const steps = schedule::steps::value;
    descriptor const& request = *lookup(key<Request>{});
    int const* const order = schedule::order::view.order;
    if constexpr (in_parts) {
      return plan_steps(m, request, steps, order, result<plan_part_pass<Request, true>>::value);
    } else {
      return make_plan(m, request, steps, order);
    }
  }
};

/// Registers a kernel's description under its hash and names its function.
template <class Steps, int Kernel, class Words>
struct kernel_of;
template <class Steps, int Kernel, int... I>
struct kernel_of<Steps, Kernel, std::integer_sequence<int, I...>> {
  static constexpr kernel_entry entry = Steps::view.kernels[Kernel];
  static_assert(sizeof(kernel::define_description<entry.hash, Steps::view.words[entry.first_word + I]...>) > 0);
  static constexpr kernel::entry run() {
    if constexpr (entry.op == 0) {
      return &kernel::fused_call<entry.hash>::run;
    } else if constexpr (entry.op == text_loop_hash) {
      return &kernel::text_loop<entry.hash>::run;
    } else if constexpr (op_of<entry.op>::traits.has_epilogue && kernel::call<entry.hash>::has_epilogue) {
      return &kernel::with_epilogue<op_of<entry.op>, entry.hash>::run;
    } else {
      return &kernel::described<op_of<entry.op>, entry.hash>::run;
    }
  }
};
template <class Steps, int Kernel>
inline constexpr kernel::entry kernel_at =
    kernel_of<Steps, Kernel, std::make_integer_sequence<int, Steps::view.kernels[Kernel].word_count>>::run();

template <class Steps, int... K>
constexpr auto list_kernels(std::integer_sequence<int, K...>) {
  struct list {
    kernel::entry run[sizeof...(K) + 1];
  };
  return list{{kernel_at<Steps, K>..., nullptr}};
}
}  // namespace detail

/// What a request reaches, as a graph; most mistakes show here.
template <u64 Request>
struct analysis {
  using graph = detail::flat_graph<Request>;
  static constexpr refusal error = graph::facts.error;
};

/// The first mistake that derivatives, or the places of loops and branches, bring to light.
template <u64 Request>
struct late_mistake {
  static constexpr refusal error = [] {
    constexpr refusal found = detail::full_graph<Request>::facts.error;
    if constexpr (found.kind == refusal_kind::none && detail::full_graph<Request>::facts.has_regions)
      return detail::placed_graph<Request>::facts.error;
    return found;
  }();
};

/// The way from a request without such a mistake to what runs: each pass's result is a constant of its own.
template <u64 Request>
struct pipeline {
  using flat_graph = detail::flat_graph<Request>;
  using full_graph = detail::full_graph<Request>;
  using graph = detail::placed_graph<Request>;
  using steps = typename detail::acyclic_schedule<Request>::steps;
  using order = typename detail::acyclic_schedule<Request>::order;
  using plan = exact_result<detail::plan_pass<Request>>;
  static_assert(fits_slots(plan::count), "tfx: a run has at most 65536 tensors in memory and 65536 dimensions");

  static constexpr auto kernels() {
    return detail::list_kernels<steps>(std::make_integer_sequence<int, steps::count.kernels>{});
  }
};

TFX_END
