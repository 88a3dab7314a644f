// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/compiler/group.hpp>

TFX_BEGIN

/// What a kernel is made from: its op, or the loop that the words describe.
struct kernel_entry {
  u64 hash;
  u64 op;  // 0: a fused loop; text_loop_hash: one over strings
  int first_word, word_count;
};
/// One kernel call: its operands as nodes (inputs, then outputs) and symbols.
struct step {
  int kernel;
  int first_operand, input_count, output_count;
  int first_symbol, symbol_count;
  bool may_fail;
};

/// The steps of a run, not yet ordered, and the kernels that they call.
struct step_list {
  vector<step> steps;
  vector<kernel_entry> kernels;
  vector<i64> words;
  vector<int> operands;
  vector<int> symbols;
};

/// A step list's counts, and its content in arrays of those sizes: the form in which the pass's result is kept.
struct step_counts {
  int steps, kernels, words, operands, symbols;
};
/// A step list as later passes read it.
struct step_view {
  step const* steps;
  kernel_entry const* kernels;
  i64 const* words;
  int const* operands;
  int const* symbols;
  step_counts count;
};
template <step_counts C>
struct frozen_steps {
  step steps[C.steps + 1];
  kernel_entry kernels[C.kernels + 1];
  i64 words[C.words + 1];
  int operands[C.operands + 1];
  int symbols[C.symbols + 1];
  step_counts count;
  bool complete;

  constexpr operator step_view() const { return {steps, kernels, words, operands, symbols, count}; }
};
template <step_counts C>
constexpr frozen_steps<C> freeze(step_list const& list) {
  frozen_steps<C> f{};
  f.count = {list.steps.size(), list.kernels.size(), list.words.size(), list.operands.size(), list.symbols.size()};
  f.complete = detail::copy_all(f.steps, C.steps, list.steps) && detail::copy_all(f.kernels, C.kernels, list.kernels) &&
               detail::copy_all(f.words, C.words, list.words) &&
               detail::copy_all(f.operands, C.operands, list.operands) &&
               detail::copy_all(f.symbols, C.symbols, list.symbols);
  return f;
}

inline constexpr u64 fused_hash = hash_of("fused");
/// In the place of a kernel's op: a loop over strings.
inline constexpr u64 text_loop_hash = hash_of("text loop");

namespace detail {

/// Describes the loops and kernel calls of a module.
class fuser : grouping {
 public:
  step_list out;

  constexpr fuser(module_view const& m, bool fuse_assignments) : grouping(m, fuse_assignments) {
    out.steps.reserve(m.count.nodes);
    out.operands.reserve(3 * m.count.nodes + 16);
    out.symbols.reserve(m.count.nodes + 16);
  }

  constexpr void run() {
    for (int id = 0; id < m_.count.nodes; ++id) {
      if (role_[id] & loops) {
        if (parent_[id] == id) emit_loop(id);
      } else if (nodes_[id].op->kind == op_kind::kernel) {
        emit_kernel(id);
      } else if (stored_[id] != 0 && nodes_[id].op->kind == op_kind::splat) {
        emit_splat(id);
      }
    }
  }

 private:
  numbering kernels_;
  vector<i64> kernel_words_;
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

  constexpr void push_shape(step const& s, vector<i64>& words, int id) {
    node const& n = nodes_[id];
    words.push_back(static_cast<i64>(n.type) | static_cast<i64>(n.shape.rank) << 8);
    for (int i = 0; i < n.shape.rank; ++i) {
      i64 const extent = n.shape.extent[i];
      words.push_back(extent >= 0 ? extent : symbol_extent(local_symbol(s, extent)));
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
  // Description of a kernel op: op, how many inputs, outputs and attributes, shapes of inputs and outputs, attributes.
  constexpr void emit_kernel(int id) {
    node const& n = nodes_[id];
    int const* const in = edges_ + n.first_input;
    step s{};
    begin_step(s);
    s.input_count = n.input_count;
    s.may_fail = n.op->may_fail;
    outputs_.clear();
    if (n.op->has_outputs) {
      list_outputs(id);
      if (outputs_.count == 0) return;
    } else {
      outputs_.push_back(id);
    }
    vector<i64>& words = kernel_words_;
    words.clear();
    words.push_back(static_cast<i64>(n.op->hash));
    words.push_back(n.input_count | static_cast<i64>(n.word_count) << 16 | static_cast<i64>(outputs_.count) << 32);
    for (int i = 0; i < n.input_count; ++i) push_shape(s, words, in[i]);
    out.operands.append(in, n.input_count);
    for (int const output : outputs_) {
      if (output < 0) {
        words.push_back(static_cast<i64>(dtype::none));
        continue;
      }
      push_shape(s, words, output);
      out.operands.push_back(output);
      ++s.output_count;
    }
    for (int i = 0; i < n.word_count; ++i) {
      i64 const word = m_.words[n.first_word + i];
      bool const is_symbol = n.op->first_extent > 0 && i >= n.op->first_extent && word < 0;
      words.push_back(is_symbol ? symbol_extent(local_symbol(s, word)) : word);
    }
    end_step(s, n.op->hash, words.begin(), words.size());
  }

  struct loop {
    static constexpr int most = kernel::fused_program::most_inputs;  // of each
    static_assert(most >= kernel::fused_program::most_steps);
    int inputs[most], immediates[most], members[most], outputs[most];
    int input_count = 0, immediate_count = 0, member_count = 0, output_count = 0;
    bool may_fail = false;
  };
  constexpr void emit_splat(int id) {
    loop l;
    l.immediates[l.immediate_count++] = id;
    l.outputs[l.output_count++] = id;
    place_[id] = 0;
    emit(l, nodes_[id].shape);
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
        if (nodes_[x].op->kind == op_kind::splat) {
          l.immediates[l.immediate_count++] = x;
        } else {
          l.inputs[l.input_count++] = x;
        }
      }
      if (next_[id] == 0) break;
    }
    if (l.output_count == 0) return;
    l.may_fail = (role_[root] & fails) != 0;
    int place = 0;
    for (int i = 0; i < l.input_count; ++i) place_[l.inputs[i]] = place++;
    for (int i = 0; i < l.immediate_count; ++i) place_[l.immediates[i]] = place++;
    for (int i = 0; i < l.member_count; ++i) place_[l.members[i]] = place++;
    emit(l, space(root));
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
    int rank = 0;
    int of[max_rank] = {};  // by axis of the space, -1 where that has one element

    constexpr i64 bits(unsigned axes, int space_rank) const {
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
    unsigned inputs[loop::most], outputs[loop::most];
    int const rank = space.rank;
    for (int i = 0; i < l.input_count; ++i) inputs[i] = varies(nodes_[l.inputs[i]].shape, rank);
    for (int i = 0; i < l.output_count; ++i) {
      int const id = l.outputs[i];
      outputs[i] = role_[id] & reduces ? kept(nodes_[id], rank) : ~0u;
    }
    step s{};
    begin_step(s);
    s.input_count = l.input_count;
    s.output_count = l.output_count;
    s.may_fail = l.may_fail;
    i64 words[2 + 2 * max_rank + 7 * loop::most];
    int count = 2;
    words[0] = static_cast<i64>(fused_hash);
    // Neighbouring axes along which every operand behaves alike are one.
    collapsed_axes axes;
    int previous = -1;
    for (int i = 0; i < rank; ++i) {
      axes.of[i] = -1;
      if (space.extent[i] == 1) continue;
      bool same = previous >= 0;
      for (int k = 0; same && k < l.input_count; ++k) same = (inputs[k] >> i & 1u) == (inputs[k] >> previous & 1u);
      for (int k = 0; same && k < l.output_count; ++k) same = (outputs[k] >> i & 1u) == (outputs[k] >> previous & 1u);
      if (!same) {
        ++axes.rank;
        words[count++] = 1;
        words[count++] = 0;
      }
      axes.of[i] = axes.rank - 1;
      if (space.extent[i] >= 0) {
        words[count - 2] *= space.extent[i];
      } else {
        words[count - 1] = words[count - 1] << 8 | (local_symbol(s, space.extent[i]) + 1);
      }
      previous = i;
    }
    int sources[loop::most];
    for (int i = 0; i < l.input_count; ++i) {
      node const& n = nodes_[l.inputs[i]];
      bool const column = n.op->kind == op_kind::column;
      i64 const* const place = m_.words + n.first_word;  // of a column: the stride and which one
      sources[i] = column ? edges_[n.first_input] : l.inputs[i];
      int base = 0;
      while (sources[base] != sources[i]) ++base;
      words[count++] = static_cast<i64>(n.type) | axes.bits(inputs[i], rank) << 8 | (column ? place[0] : 1) << 16 |
                       (column ? place[1] : 0) << 24 | static_cast<i64>(base) << 32;
    }
    for (int i = 0; i < l.immediate_count; ++i) {
      node const& n = nodes_[l.immediates[i]];
      words[count++] = static_cast<i64>(n.type);
      words[count++] = m_.words[n.first_word];
    }
    for (int m = 0; m < l.member_count; ++m) {
      node const& n = nodes_[l.members[m]];
      i64 packed = static_cast<i64>(n.type) | static_cast<i64>(n.input_count) << 8;
      for (int i = 0; i < n.input_count; ++i)
        packed |= static_cast<i64>(place_[edges_[n.first_input + i]]) << (16 + 8 * i);
      words[count++] = static_cast<i64>(n.op->hash);
      words[count++] = packed;
    }
    for (int i = 0; i < l.output_count; ++i) {
      int const id = l.outputs[i];
      node const& n = nodes_[id];
      // A reduction of several inputs stands here once for each, one after another.
      i64 place = 0;
      while (place < i && l.outputs[i - place - 1] == id) ++place;
      i64 const from = place_[role_[id] & (reduces | assigns) ? edges_[n.first_input + place] : id];
      words[count++] = static_cast<i64>(n.type) | axes.bits(outputs[i], rank) << 8 | from << 16 | place << 24;
      words[count++] = role_[id] & reduces ? static_cast<i64>(n.op->hash) : 0;
    }
    words[1] = axes.rank | l.input_count << 8 | l.immediate_count << 16 | static_cast<i64>(l.member_count) << 24 |
               static_cast<i64>(l.output_count) << 32;
    out.operands.append(sources, l.input_count);
    out.operands.append(l.outputs, l.output_count);
    end_step(s, has_texts(l) ? text_loop_hash : 0, words, count);
  }
};
}  // namespace detail

/// Nodes to kernel calls. `fuse_assignments`: the loop that makes a variable's new value also writes it.
constexpr step_list fuse(module_view const& m, bool fuse_assignments) {
  detail::fuser pass(m, fuse_assignments);
  pass.run();
  return static_cast<step_list&&>(pass.out);
}

TFX_END
