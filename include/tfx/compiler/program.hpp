// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/compiler/differentiate.hpp>
#include <tfx/compiler/flatten.hpp>
#include <tfx/compiler/plan.hpp>
#include <tfx/compiler/simplify.hpp>
#include <tfx/kernel/described.hpp>

TFX_BEGIN

/// How many of each a plan holds: the sizes of the arrays that it is kept in.
struct plan_counts {
  int steps, kernels, words, slots, buffers, arenas, feeds, literals, fetches, variables, symbols, checks, text;
};

template <plan_counts C>
struct frozen_plan {
  step_entry steps[C.steps + 1];
  kernel_entry kernels[C.kernels + 1];
  i64 words[C.words + 1];
  std::uint16_t slots[C.slots + 1];
  buffer_entry buffers[C.buffers + 1];
  arena_entry arenas[C.arenas + 1];
  tensor_entry feeds[C.feeds + 1], literals[C.literals + 1], fetches[C.fetches + 1];
  variable_entry variables[C.variables + 1];
  symbol_plan symbols[C.symbols + 1];
  extent_check checks[C.checks + 1];
  char text[C.text + 1];
};

constexpr plan_counts counts(run_plan const& p) {
  return {p.steps.size(),    p.kernels.size(), p.words.size(),     p.slots.size(),   p.buffers.size(),
          p.arenas.size(),   p.feeds.size(),   p.literals.size(),  p.fetches.size(), p.variables.size(),
          p.symbols.size(),  p.checks.size(),  p.text.size()};
}
template <plan_counts C>
constexpr frozen_plan<C> freeze(run_plan const& p) {
  frozen_plan<C> f{};
  detail::copy_all(f.steps, p.steps);
  detail::copy_all(f.kernels, p.kernels);
  detail::copy_all(f.words, p.words);
  for (int i = 0; i < C.slots; ++i) f.slots[i] = static_cast<std::uint16_t>(p.slots[i]);
  detail::copy_all(f.buffers, p.buffers);
  detail::copy_all(f.arenas, p.arenas);
  detail::copy_all(f.feeds, p.feeds);
  detail::copy_all(f.literals, p.literals);
  detail::copy_all(f.fetches, p.fetches);
  detail::copy_all(f.variables, p.variables);
  detail::copy_all(f.symbols, p.symbols);
  detail::copy_all(f.checks, p.checks);
  detail::copy_all(f.text, p.text);
  return f;
}

namespace detail {
/// Registers a kernel's description under its hash and names its function.
template <class Program, int Kernel, class Sequence>
struct kernel_of;
template <class Program, int Kernel, int... I>
struct kernel_of<Program, Kernel, std::integer_sequence<int, I...>> {
  static constexpr kernel_entry entry = Program::plan.kernels[Kernel];
  static_assert(sizeof(kernel::define_description<entry.hash, Program::plan.words[entry.first_word + I]...>) > 0);
  static constexpr kernel::entry run() {
    if constexpr (entry.fused) {
      return &kernel::fused<entry.hash>::run;
    } else {
      return &kernel::described<op_of<entry.op>, entry.hash>::run;
    }
  }
};
}  // namespace detail

/// The passes of one run, each result a constant of its own, and the kernels that they lead to.
template <u64 Request>
struct program {
  static constexpr descriptor const& request = *lookup(key<Request>{});

  static constexpr module_counts source_counts = counts(flatten(request));
  static constexpr auto source = freeze<source_counts>(flatten(request));
  static constexpr refusal error = source.error;
};

/// Beyond the first pass, which finds most mistakes: only for runs that have none so far.
template <u64 Request>
struct compiled {
  static constexpr auto& source = program<Request>::source;
  static constexpr module_counts expanded_counts = counts(differentiate(source));
  static constexpr auto expanded = freeze<expanded_counts>(differentiate(source));
  static constexpr refusal error = expanded.error;
  static constexpr module_counts simple_counts = counts(simplify(expanded));
  static constexpr auto simple = freeze<simple_counts>(simplify(expanded));
  static constexpr plan_counts count = counts(make_plan(simple, program<Request>::request));
  static constexpr auto plan = freeze<count>(make_plan(simple, program<Request>::request));

  template <int Kernel>
  static constexpr kernel::entry kernel_at =
      detail::kernel_of<compiled, Kernel, std::make_integer_sequence<int, plan.kernels[Kernel].word_count>>::run();

  template <int... K>
  static constexpr auto make_kernels(std::integer_sequence<int, K...>) {
    struct list {
      kernel::entry run[sizeof...(K) + 1];
    };
    return list{{kernel_at<K>..., nullptr}};
  }
};

TFX_END
