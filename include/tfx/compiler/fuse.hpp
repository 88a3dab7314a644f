// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <initializer_list>
#include <tfx/compiler/group.hpp>
#include <tfx/kernel/call_description.hpp>

TFX_BEGIN

/// What a kernel is made from: its op, or the loop that the words describe.
struct kernel_entry {
  u64 hash;
  u64 op;  // 0: a fused loop; text_loop_hash: one over strings
  int first_word, word_count;
};
/// One kernel call: its operands as nodes (inputs, then outputs) and symbols.
struct step {
  int node;           // whose kernel it is, -1: a loop of several
  bool has_epilogue;  // its results go into a loop
  int kernel;
  int first_operand, input_count, output_count;
  int first_symbol, symbol_count;
  bool may_fail;
};

template <template <class> class Column>
struct step_columns {
  Column<step> steps;
  Column<kernel_entry> kernels;
  Column<i64> words;
  Column<int> operands;
  Column<int> symbols;
};
using step_counts = lengths_of<step_columns>;
/// The steps of a run, not yet ordered, and the kernels that they call.
using step_list = table<step_columns>;
using step_view = table_view<step_columns>;

/// In the place of a kernel's op: a loop over strings.
inline constexpr u64 text_loop_hash = hash_of("text loop");

namespace detail {

/// Describes the loops and kernel calls of a module.
class fuser : loop_role {
 public:
  step_list out;

  constexpr fuser(module_view const& m, group_view const& groups, bool any_texts)
      : m_(m),
        nodes_(m.nodes),
        edges_(m.edges),
        role_(groups.roles),
        parent_(groups.roots),
        next_(groups.next),
        stored_(groups.storage),
        products_(groups.products),
        any_texts_(any_texts),
        memory_(m.count.nodes) {}

  /// The steps that begin with nodes `first`, …, `last` - 1.
  constexpr void run(int first, int last) {
    out.steps.reserve(last - first);
    out.operands.reserve(3 * (last - first) + 16);
    out.symbols.reserve(last - first + 16);
    for (int id = first; id < last; ++id) {
      if (role_[id] & loops) {
        if (parent_[id] == id) emit_loop(id);
      } else if (calls_kernel(nodes_[id])) {
        if (!nodes_[id].op->has_epilogue || stored_[id] != 0) emit_kernel(id);
      } else if (stored_[id] != 0 && is_known(nodes_[id])) {
        emit_known(id);
      }
    }
  }

 private:
  module_view m_;
  node const* nodes_;
  int const* edges_;
  int const *role_, *parent_, *next_, *stored_, *products_;
  bool any_texts_;
  node_arrays memory_;
  numbering kernels_;
  kernel::call_words call_;      // the description that is being written
  vector<int> outputs_;          // of the kernel that is being emitted
  int* place_ = memory_.next();  // in the loop that is being emitted: its value's index

  constexpr void begin_step(step& s) {
    s.first_operand = out.operands.size();
    s.first_symbol = out.symbols.size();
  }
  // Equal descriptions are one kernel.
  constexpr void end_step(step& s, u64 op, i64 const* words, int word_count) {
    u64 hash = static_cast<u64>(word_count);
    for (int i = 0; i < word_count; ++i)
      hash = ((hash ^ static_cast<u64>(words[i])) + (hash >> 32)) * 0x9e3779b97f4a7c15u;
    hash = mix(hash, op);
    s.kernel = kernels_.of(hash);
    if (s.kernel == out.kernels.size()) {
      out.kernels.push_back({hash, op, out.words.size(), word_count});
      out.words.append(words, word_count);
    }
    s.symbol_count = out.symbols.size() - s.first_symbol;
    out.steps.push_back(s);
  }
  /// The kernel's own number of a graph's symbol.
  constexpr int local_symbol(step const& s, i64 extent) {
    int const symbol = symbol_of(extent), count = out.symbols.size();
    for (int i = s.first_symbol; i < count; ++i)
      if (out.symbols[i] == symbol) return i - s.first_symbol;
    out.symbols.push_back(symbol);
    return count - s.first_symbol;
  }

  constexpr void describe_operand(step const& s, int id) {
    node const& n = nodes_[id];
    call_.begin_operand(n.type, n.shape.rank);
    for (int i = 0; i < n.shape.rank; ++i) {
      i64 const extent = n.shape.extent[i];
      call_.add_extent(extent >= 0 ? extent : symbol_extent(local_symbol(s, extent)));
    }
  }
  constexpr void describe_call(step const& s, int id, int outputs) {
    node const& n = nodes_[id];
    call_.begin(n.op->hash, {n.input_count, n.word_count, outputs});
    for (int i = 0; i < n.input_count; ++i) describe_operand(s, edges_[n.first_input + i]);
  }
  constexpr void describe_attributes(step const& s, node const& n) {
    for (int i = 0; i < n.word_count; ++i) {
      i64 const word = m_.words[n.first_word + i];
      bool const is_symbol = n.op->first_extent > 0 && i >= n.op->first_extent && word < 0;
      call_.add_attribute(is_symbol ? symbol_extent(local_symbol(s, word)) : word);
    }
  }
  // The outputs of an op of several that need memory, by which one they are; an empty place where one does not.
  constexpr void list_outputs(int id) {
    outputs_.clear();
    for (int of = next_[id]; of != 0; of = next_[of]) {
      int const k = static_cast<int>(m_.words[nodes_[of].first_word]);
      if (stored_[of] == 0) continue;
      while (outputs_.count <= k) outputs_.push_back(-1);
      outputs_[k] = of;
    }
  }
  constexpr void emit_kernel(int id) {
    node const& n = nodes_[id];
    int const* const in = edges_ + n.first_input;
    step s{};
    begin_step(s);
    s.node = id;
    s.input_count = n.input_count;
    s.may_fail = n.op->may_fail || n.op->kind == op_kind::region;
    outputs_.clear();
    if (n.op->has_outputs) {
      list_outputs(id);
      if (outputs_.count == 0 && n.op->kind != op_kind::region) return;  // what users see happen in one is needed
    } else if (n.type != dtype::none) {
      outputs_.push_back(id);
    }
    describe_call(s, id, outputs_.count);
    out.operands.append(in, n.input_count);
    for (int const output : outputs_) {
      if (output < 0) {
        call_.add_absence();
        continue;
      }
      describe_operand(s, output);
      out.operands.push_back(output);
      ++s.output_count;
    }
    if (n.op->next_state >= 0) {
      out.operands.push_back(in[n.op->next_state]);
      ++s.output_count;
    }
    describe_attributes(s, n);
    end_step(s, n.op->hash, call_.items, call_.count);
  }

  struct loop {
    static constexpr int most = kernel::fused_program::most_inputs;  // of each
    static_assert(most >= kernel::fused_program::most_steps);
    int inputs[most], sequences[most], immediates[most], members[most], outputs[most];
    int input_count = 0, sequence_count = 0, immediate_count = 0, member_count = 0, output_count = 0;
    int product = -1;  // whose epilogue it is: then the first input, which is not in memory
    bool may_fail = false;
  };
  // A loop that stores what the compiler knows.
  constexpr void emit_known(int id) {
    loop l;
    add_operand(l, id);
    l.outputs[l.output_count++] = id;
    place_[id] = 0;
    emit(l, nodes_[id].shape);
  }
  constexpr void add_operand(loop& l, int id) const {
    switch (nodes_[id].op->kind) {
      case op_kind::splat:
        l.immediates[l.immediate_count++] = id;
        break;
      case op_kind::sequence:
        l.sequences[l.sequence_count++] = id;
        break;
      default:
        l.inputs[l.input_count++] = id;
    }
  }
  constexpr void emit_loop(int root) {
    loop l;
    constexpr int unseen = 0, seen = -1;  // marks in place_, in which ids of earlier loops may have been written
    for (int id = root;; id = next_[id]) {
      node const& n = nodes_[id];
      for (int i = 0; i < n.input_count; ++i) place_[edges_[n.first_input + i]] = unseen;
      if (next_[id] == 0) break;
    }
    for (int id = root;; id = next_[id]) {
      node const& n = nodes_[id];
      // Members come in ascending order, so that a member which is an input is marked before it is met.
      if (!(role_[id] & (reduces | assigns))) {
        l.members[l.member_count++] = id;
        place_[id] = seen;
      }
      if (stored_[id] != 0)
        for (int i = role_[id] & reduces ? n.input_count : 1; i > 0; --i) l.outputs[l.output_count++] = id;
      for (int i = 0; i < n.input_count; ++i) {
        int const x = edges_[n.first_input + i];
        if (place_[x] == seen) continue;
        place_[x] = seen;
        add_operand(l, x);
      }
      if (next_[id] == 0) break;
    }
    if (l.output_count == 0) return;
    l.may_fail = (role_[root] & fails) != 0;
    l.product = products_[root] - 1;
    for (int i = 1; l.product >= 0 && i < l.input_count; ++i)
      if (l.inputs[i] == l.product) {
        l.inputs[i] = l.inputs[0];
        l.inputs[0] = l.product;
      }
    int place = 0;
    for (int i = 0; i < l.input_count; ++i) place_[l.inputs[i]] = place++;
    for (int i = 0; i < l.sequence_count; ++i) place_[l.sequences[i]] = place++;
    for (int i = 0; i < l.immediate_count; ++i) place_[l.immediates[i]] = place++;
    for (int i = 0; i < l.member_count; ++i) place_[l.members[i]] = place++;
    emit(l, space_of(m_, role_, root));
  }

  // Bit i: the operand has more than one element along axis i of the space.
  static constexpr unsigned varies(dims const& operand, int rank) {
    unsigned bits = 0;
    int const missing = rank - operand.rank;
    for (int i = 0; i < operand.rank; ++i)
      if (operand.extent[i] != 1) bits |= 1u << (i + missing);
    return bits;
  }
  constexpr unsigned kept(node const& reduced, int rank) const {
    return ~axis_bits(m_.words + reduced.first_word + 1, reduced.word_count - 1, rank) & ((1u << rank) - 1u);
  }
  struct collapsed_axes {
    int of[max_rank] = {};  // by axis of the space, -1 where that has one element

    constexpr unsigned bits(unsigned axes, int space_rank) const {
      unsigned result = 0;
      for (int i = 0; i < space_rank; ++i)
        if ((axes >> i & 1u) && of[i] >= 0) result |= 1u << of[i];
      return result;
    }
  };

  /// Whether a loop is one over strings, which stands alone.
  constexpr bool has_texts(loop const& l) const {
    if (!any_texts_) return false;
    for (int i = 0; i < l.input_count; ++i)
      if (nodes_[l.inputs[i]].type == dtype::string) return true;
    for (int i = 0; i < l.immediate_count; ++i)
      if (nodes_[l.immediates[i]].type == dtype::string) return true;
    return false;
  }

  constexpr void emit(loop const& l, dims const& space) {
    unsigned inputs[loop::most], sequences[loop::most], outputs[loop::most];
    int const rank = space.rank;
    for (int i = 0; i < l.input_count; ++i) inputs[i] = varies(nodes_[l.inputs[i]].shape, rank);
    for (int i = 0; i < l.sequence_count; ++i) sequences[i] = varies(nodes_[l.sequences[i]].shape, rank);
    for (int i = 0; i < l.output_count; ++i) {
      int const id = l.outputs[i];
      outputs[i] = role_[id] & reduces ? kept(nodes_[id], rank) : ~0u;
    }
    step s{};
    begin_step(s);
    s.node = l.product;
    s.has_epilogue = l.product >= 0;
    s.input_count = l.input_count;
    s.output_count = l.output_count;
    s.may_fail = l.may_fail;
    if (s.has_epilogue) {
      node const& product = nodes_[l.product];
      describe_call(s, l.product, 1);
      call_.add_absence();
      describe_attributes(s, product);
      out.operands.append(edges_ + product.first_input, product.input_count);
      s.input_count += product.input_count - 1;
    }
    kernel::fused_words words;
    // Neighbouring axes along which every operand behaves alike are one.
    auto const alike = [](unsigned const* axes, int count, int i, int k) {
      for (int o = 0; o < count; ++o)
        if ((axes[o] >> i & 1u) != (axes[o] >> k & 1u)) return false;
      return true;
    };
    collapsed_axes axes;
    int previous = -1;
    for (int i = 0; i < rank; ++i) {
      axes.of[i] = -1;
      if (space.extent[i] == 1) continue;
      if (previous < 0 || !alike(inputs, l.input_count, i, previous) ||
          !alike(sequences, l.sequence_count, i, previous) || !alike(outputs, l.output_count, i, previous))
        words.begin_axis();
      axes.of[i] = words.rank() - 1;
      if (space.extent[i] >= 0) {
        words.extend_axis(space.extent[i]);
      } else {
        words.extend_axis_by_symbol(local_symbol(s, space.extent[i]));
      }
      previous = i;
    }
    int sources[loop::most];
    for (int i = 0; i < l.input_count; ++i) {
      node const& n = nodes_[l.inputs[i]];
      kernel::fused_program::source from{1, 0, 0};
      sources[i] = l.inputs[i];
      if (n.op->strided) {
        if (m_.words[n.first_word] > kernel::fused_word::most)
          raise<errors::UnimplementedError>("a loop reads one of %d columns at most", kernel::fused_word::most);
        from.stride = static_cast<int>(m_.words[n.first_word]);
        from.offset = static_cast<int>(m_.words[n.first_word + 1]);
        sources[i] = edges_[n.first_input];
      }
      while (sources[from.base] != sources[i]) ++from.base;
      words.add_input(n.type, axes.bits(inputs[i], rank), from);
    }
    for (int i = 0; i < l.sequence_count; ++i) {
      node const& n = nodes_[l.sequences[i]];
      words.add_sequence(n.type, axes.bits(sequences[i], rank), {m_.words[n.first_word], m_.words[n.first_word + 1]});
    }
    for (int i = 0; i < l.immediate_count; ++i) {
      node const& n = nodes_[l.immediates[i]];
      words.add_immediate(n.type, m_.words[n.first_word]);
    }
    for (int m = 0; m < l.member_count; ++m) {
      node const& n = nodes_[l.members[m]];
      words.add_step(n.op->hash, n.type);
      for (int i = 0; i < n.input_count; ++i) words.set_argument(i, place_[edges_[n.first_input + i]]);
    }
    for (int i = 0; i < l.output_count; ++i) {
      int const id = l.outputs[i];
      node const& n = nodes_[id];
      // A reduction of several inputs stands here once for each, one after another.
      int place = 0;
      while (place < i && l.outputs[i - place - 1] == id) ++place;
      int const from = place_[role_[id] & (reduces | assigns) ? edges_[n.first_input + place] : id];
      words.add_output({n.type, axes.bits(outputs[i], rank), from, place, role_[id] & reduces ? n.op->hash : u64{0}});
    }
    words.finish();
    if (s.has_epilogue) {
      out.operands.append(sources + 1, l.input_count - 1);
      out.operands.append(l.outputs, l.output_count);
      call_.append(words.word, words.count);
      return end_step(s, nodes_[l.product].op->hash, call_.items, call_.count);
    }
    out.operands.append(sources, l.input_count);
    out.operands.append(l.outputs, l.output_count);
    end_step(s, has_texts(l) ? text_loop_hash : 0, words.word, words.count);
  }
};
}  // namespace detail

/// Nodes to kernel calls. `fuse_assignments`: the loop that makes a variable's new value also writes it.
constexpr step_list fuse(module_view const& m, bool fuse_assignments) {
  detail::grouping grouping(m, fuse_assignments);
  grouping.run(m.count.nodes);
  grouping.end();
  detail::fuser pass(m, grouping.view(), grouping.any_texts());
  pass.run(0, m.count.nodes);
  return static_cast<step_list&&>(pass.out);
}

// The same in parts, for graphs of which a compiler would not do all in one constant.

using partial_groups = part_state<counting_columns>;
using partial_group_view = part_view<counting_columns>;

template <class Pass = detail::grouping>
constexpr partial_groups group_first(module_view const& m, bool fuse_assignments, int last) {
  Pass pass(m, fuse_assignments);
  pass.run(last);
  return save<counting_columns>(pass, false);
}
template <class Pass = detail::grouping>
constexpr partial_groups group_further(module_view const& m, bool fuse_assignments, partial_group_view const& before,
                                       int last) {
  Pass pass(m, fuse_assignments);
  restore(pass, before);
  pass.run(last < m.count.nodes ? last : m.count.nodes);
  return save<counting_columns>(pass, last >= m.count.nodes);
}
template <class Pass = detail::grouping>
constexpr groups group_last(module_view const& m, bool fuse_assignments, partial_group_view const& before) {
  Pass pass(m, fuse_assignments);
  restore(pass, before);
  pass.end();
  return pass.result();
}
/// The steps that begin with nodes `first`, …, `last` - 1.
constexpr step_list fuse_part(module_view const& m, group_view const& groups, bool any_texts, int first, int last) {
  detail::fuser pass(m, groups, any_texts);
  pass.run(first, last < m.count.nodes ? last : m.count.nodes);
  return static_cast<step_list&&>(pass.out);
}
/// All steps of the parts; equal kernels of several are one.
constexpr step_list join(std::initializer_list<step_view> parts) {
  step_list out;
  numbering kernels;
  for (step_view const& part : parts) {
    int const first_operand = out.operands.count, first_symbol = out.symbols.count;
    out.operands.append(part.operands, part.count.operands);
    out.symbols.append(part.symbols, part.count.symbols);
    vector<int> kernel(part.count.kernels);  // by kernel of the part: which it is of all
    for (int k = 0; k < part.count.kernels; ++k) {
      kernel_entry entry = part.kernels[k];
      kernel[k] = kernels.of(entry.hash);
      if (kernel[k] < out.kernels.count) continue;
      i64 const* const words = part.words + entry.first_word;
      entry.first_word = out.words.count;
      out.words.append(words, entry.word_count);
      out.kernels.push_back(entry);
    }
    for (int i = 0; i < part.count.steps; ++i) {
      step s = part.steps[i];
      s.kernel = kernel[s.kernel];
      s.first_operand += first_operand;
      s.first_symbol += first_symbol;
      out.steps.push_back(s);
    }
  }
  return out;
}

TFX_END
