// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/compiler/differentiate.hpp>
#include <tfx/compiler/flatten.hpp>
#include <tfx/compiler/plan.hpp>
#include <tfx/compiler/simplify.hpp>
#include <tfx/kernel/described.hpp>
#include <tfx/kernel/text_loop.hpp>

TFX_BEGIN

/// How many of each a plan holds: the sizes of the arrays that it is kept in.
struct plan_counts {
  int steps, slots, buffers, arenas, feeds, literals, fetches, variables, symbols, checks, text, open_variables,
      derivations, saved;
  int texts;       // buffers of strings
  bool has_texts;  // those, or variables
  bool has_streams;
};

template <plan_counts C>
struct frozen_plan {
  step_entry steps[C.steps + 1];
  std::uint16_t slots[C.slots + 1];
  buffer_entry buffers[C.buffers + 1];
  arena_entry arenas[C.arenas + 1];
  tensor_entry feeds[C.feeds + 1], literals[C.literals + 1], fetches[C.fetches + 1];
  variable_entry variables[C.variables + 1];
  open_variable open_variables[C.open_variables + 1];
  symbol_plan symbols[C.symbols + 1];
  extent_derivation derivations[C.derivations + 1];
  check_plan checks[C.checks + 1];
  char text[C.text + 1];
};

constexpr plan_counts counts(run_plan const& p) {
  return {p.steps.size(),       p.slots.size(),    p.buffers.size(), p.arenas.size(),
          p.feeds.size(),       p.literals.size(), p.fetches.size(), p.variables.size(),
          p.symbols.size(),     p.checks.size(),   p.text.size(),    p.open_variables.size(),
          p.derivations.size(), p.saved,           p.texts,          p.has_texts,
          p.has_streams};
}
/// A plan in arrays of a guessed size, from which one of the right size is copied.
template <plan_counts C>
struct drafted_plan : frozen_plan<C> {
  plan_counts count;
  bool complete;
};
namespace detail {
template <class T>
constexpr void copy_first(T* to, int count, T const* from) {
  for (int i = 0; i < count; ++i) to[i] = from[i];
}
}  // namespace detail
template <plan_counts C, class Draft>
constexpr frozen_plan<C> shrink(Draft const& d) {
  frozen_plan<C> f{};
  detail::copy_first(f.steps, C.steps, d.steps);
  detail::copy_first(f.slots, C.slots, d.slots);
  detail::copy_first(f.buffers, C.buffers, d.buffers);
  detail::copy_first(f.arenas, C.arenas, d.arenas);
  detail::copy_first(f.feeds, C.feeds, d.feeds);
  detail::copy_first(f.literals, C.literals, d.literals);
  detail::copy_first(f.fetches, C.fetches, d.fetches);
  detail::copy_first(f.variables, C.variables, d.variables);
  detail::copy_first(f.open_variables, C.open_variables, d.open_variables);
  detail::copy_first(f.symbols, C.symbols, d.symbols);
  detail::copy_first(f.derivations, C.derivations, d.derivations);
  detail::copy_first(f.checks, C.checks, d.checks);
  detail::copy_first(f.text, C.text, d.text);
  return f;
}
template <plan_counts C>
constexpr drafted_plan<C> draft(run_plan const& p) {
  drafted_plan<C> f{};
  f.count = counts(p);
  f.complete = detail::copy_all(f.steps, C.steps, p.steps) && detail::copy_all(f.slots, C.slots, p.slots) &&
               detail::copy_all(f.buffers, C.buffers, p.buffers) && detail::copy_all(f.arenas, C.arenas, p.arenas) &&
               detail::copy_all(f.feeds, C.feeds, p.feeds) && detail::copy_all(f.literals, C.literals, p.literals) &&
               detail::copy_all(f.fetches, C.fetches, p.fetches) &&
               detail::copy_all(f.variables, C.variables, p.variables) &&
               detail::copy_all(f.open_variables, C.open_variables, p.open_variables) &&
               detail::copy_all(f.symbols, C.symbols, p.symbols) &&
               detail::copy_all(f.derivations, C.derivations, p.derivations) &&
               detail::copy_all(f.checks, C.checks, p.checks) && detail::copy_all(f.text, C.text, p.text);
  return f;
}

namespace detail {
/// Registers a kernel's description under its hash and names its function.
template <class Program, int Kernel, class Sequence>
struct kernel_of;
template <class Program, int Kernel, int... I>
struct kernel_of<Program, Kernel, std::integer_sequence<int, I...>> {
  static constexpr kernel_entry entry = Program::steps.kernels[Kernel];
  static_assert(sizeof(kernel::define_description<entry.hash, Program::steps.words[entry.first_word + I]...>) > 0);
  static constexpr kernel::entry run() {
    if constexpr (entry.op == 0) {
      return &kernel::fused<entry.hash>::run;
    } else if constexpr (entry.op == text_loop_hash) {
      return &kernel::text_loop<entry.hash>::run;
    } else {
      return &kernel::described<op_of<entry.op>, entry.hash>::run;
    }
  }
};

/// A graph without markers is what differentiation would make of it.
template <class Source, class Differentiation, bool HasMarkers = Source::has_markers>
struct expanded {
  using type = typename kept_whole<Differentiation>::type;
};
template <class Source, class Differentiation>
struct expanded<Source, Differentiation, false> {
  using type = Source;
};

/// Steps and their order.
template <class Simplified, class Fusion>
struct ordered {
  using fused = typename kept_whole<Fusion>::type;
  static constexpr auto value = freeze<fused::count.steps>(schedule(Simplified::value, fused::value));
  static constexpr bool acyclic = value.acyclic;
};
/// Loops write variables where no step then waits for itself, else separate steps do.
template <class Simplified, class Fusion, class Careful, bool Acyclic = ordered<Simplified, Fusion>::acyclic>
struct scheduled : ordered<Simplified, Fusion> {};
template <class Simplified, class Fusion, class Careful>
struct scheduled<Simplified, Fusion, Careful, false> : ordered<Simplified, Careful> {
  static_assert(ordered<Simplified, Careful>::acyclic, "tfx: assignments wait for each other");
};
}  // namespace detail

/// The passes of one run, each result a constant of its own, and the kernels that they lead to.
template <u64 Request>
struct program {
  static constexpr descriptor const& request = *lookup(key<Request>{});

  struct flattening {
    static constexpr module_counts guess{2000, 4000, 4000, 16, 8, 16, 16, 8};
    static constexpr module run() { return flatten(request); }
  };
  using flattened = kept_whole<flattening>;
  static constexpr auto& source = flattened::value;
  static constexpr refusal error = flattened::error;
};

/// Beyond the first pass, which finds most mistakes: only for runs that have none so far.
template <u64 Request>
struct compiled {
  using flattened = typename program<Request>::flattened;
  static constexpr auto& source = flattened::value;

  // Results are about as large as what they come from; a reverse sweep adds two or three nodes for each. Room that is
  // not used costs nothing, a guess that is too small a second run of the pass.
  static constexpr module_counts grown(module_counts c, int times, int more) {
    return {c.nodes * times + more,
            c.edges * times + 2 * more,
            c.words * times + 4 * more,
            c.symbols + 8,
            c.checks + 8,
            c.fetches,
            c.feeds,
            c.tellers};
  }
  struct differentiation {
    static constexpr module_counts guess = grown(flattened::count, 8, 32);
    static constexpr module run() { return differentiate(flattened::value); }
  };
  using differentiated = typename detail::expanded<flattened, differentiation>::type;
  static constexpr auto& expanded = differentiated::value;
  static constexpr refusal error = differentiated::error;

  struct simplification {
    static constexpr module_counts guess = grown(differentiated::count, 1, 16);
    static constexpr module run() { return simplify(differentiated::value); }
  };
  using simplified = kept_whole<simplification>;
  static constexpr auto& simple = simplified::value;

  template <bool FuseAssignments>
  struct fusion {
    static constexpr module_counts of = simplified::count;
    static constexpr step_counts guess{of.nodes, of.nodes, 10 * of.nodes + 128, of.edges + of.nodes + 16,
                                       of.nodes + 16};
    static constexpr step_list run() { return fuse(simplified::value, FuseAssignments); }
  };
  using scheduled = detail::scheduled<simplified, fusion<true>, fusion<false>>;
  static constexpr auto& steps = scheduled::fused::value;

  static constexpr plan_counts guess(module_counts c) {
    return {c.nodes,  6 * c.nodes + 16,  c.nodes + 8, 16,        c.feeds, c.nodes, c.fetches, c.nodes, c.symbols,
            c.checks, 8 * c.nodes + 128, 4,           c.symbols, 0,       0,       false,     false};
  }
  struct first_size {
    static constexpr plan_counts value = guess(simplified::count);
  };
  template <class Size>
  struct drafted {
    static constexpr plan_counts size = Size::value;
    static constexpr auto value = draft<size>(
        make_plan(simplified::value, program<Request>::request, scheduled::fused::value, scheduled::value.of));
    static constexpr plan_counts count = value.count;
    static constexpr bool complete = value.complete;
  };
  static constexpr plan_counts count = drafted<first_size>::count;
  struct exact_size {
    static constexpr plan_counts value = count;
  };
  static constexpr auto make() {
    if constexpr (drafted<first_size>::complete) {
      return shrink<count>(drafted<first_size>::value);
    } else {
      return shrink<count>(drafted<exact_size>::value);
    }
  }
  static constexpr auto plan = make();

  template <int Kernel>
  static constexpr kernel::entry kernel_at =
      detail::kernel_of<compiled, Kernel, std::make_integer_sequence<int, steps.kernels[Kernel].word_count>>::run();

  template <int... K>
  static constexpr auto make_kernels(std::integer_sequence<int, K...>) {
    struct list {
      kernel::entry run[sizeof...(K) + 1];
    };
    return list{{kernel_at<K>..., nullptr}};
  }
};

TFX_END
