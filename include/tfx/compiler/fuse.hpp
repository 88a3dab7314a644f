// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/compiler/module.hpp>
#include <tfx/kernel/fused.hpp>

TFX_BEGIN

/// What a kernel is made from: its op, or the loop that the words describe.
struct kernel_entry {
  u64 hash;
  u64 op;  // 0: a fused loop
  int first_word, word_count;
};
/// One kernel call: its operands as nodes (inputs, then outputs) and symbols.
struct step {
  int kernel;
  int first_operand, input_count, output_count;
  int first_symbol, symbol_count;
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

namespace detail {

/// Gathers elementwise nodes and reductions that run over one space into one loop. A level counts the barriers
/// (kernels, reductions, views) before a node; within a level values only grow by broadcasting, so that groups of one
/// level and one space can never wait for each other.
class fuser {
 public:
  step_list out;

  constexpr fuser(module_view const& m, bool fuse_assignments)
      : m_(m), nodes_(m.nodes), edges_(m.edges), fuse_assignments_(fuse_assignments), memory_(m.count.nodes) {
    out.steps.reserve(m.count.nodes);
    out.operands.reserve(3 * m.count.nodes + 16);
    out.symbols.reserve(m.count.nodes + 16);
  }

  constexpr void run() {
    group_nodes();
    mark_stored();
    list_members();
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
  // What the pass asks of a node again and again, as bits.
  static constexpr int loops = 1, barrier = 2, assigns = 4, late = 8, alone = 16, reduces = 32;
  static constexpr u64 assign = define_op<assign_op>::hash, snapshot = define_op<snapshot_op>::hash,
                       group = define_op<group_op>::hash;

  module_view m_;
  node const* nodes_;
  int const* edges_;
  bool fuse_assignments_;
  numbering kernels_;
  vector<i64> kernel_words_;
  node_arrays memory_;
  int* role_ = memory_.next();
  int* level_ = memory_.next();
  int* parent_ = memory_.next();    // union-find over members of loops
  int* weight_ = memory_.next();    // members of a loop
  int* operands_ = memory_.next();  // values that a loop reads, at most
  int* next_ = memory_.next();      // members of a loop as a list, ascending; 0: the end
  int* last_ = memory_.next();
  int* stored_ = memory_.next();  // needs memory
  int* place_ = memory_.next();   // in the loop that is being emitted: its value's index

  constexpr int role_of(op_info const& op) const {
    switch (op.kind) {
      case op_kind::elementwise:
        // A loop of its own where loops that write variables would wait for each other.
        return !fuse_assignments_ && op.hash == snapshot ? loops | barrier | alone : loops;
      case op_kind::reduction:
        return loops | barrier | reduces;
      case op_kind::effect:
        if (op.hash != assign) return barrier;
        return loops | barrier | assigns | (fuse_assignments_ ? 0 : alone);
      case op_kind::kernel:
      case op_kind::view:
        return barrier;
      default:
        return 0;
    }
  }
  /// The space that a loop over node `id` runs through.
  constexpr dims const& space(int id) const {
    return role_[id] & reduces ? nodes_[edges_[nodes_[id].first_input]].shape : nodes_[id].shape;
  }
  constexpr int find(int id) {
    int* const parent = parent_;
    while (parent[id] != id) id = parent[id] = parent[parent[id]];
    return id;
  }

  constexpr void group_nodes() {
    constexpr int most_members = kernel::fused_program::most_steps, most_operands = kernel::fused_program::most_inputs;
    for (int id = 0; id < m_.count.nodes; ++id) {
      node const& n = nodes_[id];
      int const* const in = edges_ + n.first_input;
      int const count = n.input_count;
      int role = role_of(*n.op);
      int level = 0;
      next_[id] = last_[id] = stored_[id] = place_[id] = 0;
      parent_[id] = id;
      weight_[id] = 1;
      operands_[id] = count;
      for (int i = 0; i < count; ++i) {
        int const x = in[i], behind = role_[x] & barrier ? level_[x] + 1 : level_[x];
        if (behind > level) level = behind;
        if (role_[x] & (late | assigns)) role |= late;
      }
      role_[id] = role;
      level_[id] = level;
      if (!(role & loops)) {
        if (n.op->kind == op_kind::kernel)
          for (int i = 0; i < count; ++i)
            if (level_[in[i]] >= level) level_[id] = level = level_[in[i]] + 1;
        continue;
      }
      if (role & alone) {
        ++level_[id];
        continue;
      }
      // The loops of the inputs that may be one with this node's: all of them together must stay within the bounds,
      // else a new level begins here.
      int joined[4] = {}, joined_count = 0, members = 1, operands = count;
      for (int i = 0; i < count; ++i) {
        int const x = in[i];
        if ((role_[x] & (loops | barrier)) != loops || level_[x] != level || (role_[x] & late) != (role & late) ||
            !(nodes_[x].shape == space(id)))
          continue;
        int const root = find(x);
        int k = 0;
        while (k < joined_count && joined[k] != root) ++k;
        if (k < joined_count) continue;
        joined[joined_count++] = root;
        members += weight_[root];
        operands += operands_[root] - 1;
      }
      if (members > most_members || operands > most_operands) {
        ++level_[id];
        continue;
      }
      int root = id;
      for (int k = 0; k < joined_count; ++k)
        if (joined[k] < root) root = joined[k];
      for (int k = 0; k < joined_count; ++k) parent_[joined[k]] = root;
      parent_[id] = root;
      weight_[root] = members;
      operands_[root] = operands;
    }
  }

  constexpr void need(int id) {
    while (nodes_[id].op->kind == op_kind::view) id = edges_[nodes_[id].first_input];
    stored_[id] = 1;
  }
  constexpr void mark_stored() {
    for (int i = 0; i < m_.count.fetches; ++i) need(m_.fetches[i]);
    for (int id = 0; id < m_.count.nodes; ++id) {
      node const& n = nodes_[id];
      int const* const in = edges_ + n.first_input;
      op_kind const kind = n.op->kind;
      if (role_[id] & loops) {
        if (role_[id] & (assigns | reduces)) stored_[id] = 1;
        int const root = find(id);
        for (int i = 0; i < n.input_count; ++i) {
          int const x = in[i];
          if (nodes_[x].op->kind == op_kind::splat) continue;
          if (!(role_[x] & loops) || find(x) != root) need(x);
        }
      } else if (kind == op_kind::kernel) {
        for (int i = 0; i < n.input_count; ++i) need(in[i]);
      } else if (n.op->hash == group) {
        for (int i = 0; i < n.input_count; ++i)
          if (nodes_[in[i]].type != dtype::none) need(in[i]);
      }
    }
  }
  constexpr void list_members() {
    for (int id = 0; id < m_.count.nodes; ++id) {
      if (!(role_[id] & loops)) continue;
      int const root = find(id);
      if (root != id) next_[last_[root]] = id;
      last_[root] = id;
    }
  }

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
  // Description of a kernel op: op, number of inputs, shapes of inputs and output, attributes.
  constexpr void emit_kernel(int id) {
    node const& n = nodes_[id];
    int const* const in = edges_ + n.first_input;
    step s{};
    begin_step(s);
    s.input_count = n.input_count;
    s.output_count = 1;
    vector<i64>& words = kernel_words_;
    words.clear();
    words.push_back(static_cast<i64>(n.op->hash));
    words.push_back(n.input_count | static_cast<i64>(n.word_count) << 16);
    for (int i = 0; i < n.input_count; ++i) push_shape(s, words, in[i]);
    push_shape(s, words, id);
    out.operands.append(in, n.input_count);
    out.operands.push_back(id);
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
      if (stored_[id] != 0) l.outputs[l.output_count++] = id;
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
    for (int i = 0; i < l.input_count; ++i)
      words[count++] = static_cast<i64>(nodes_[l.inputs[i]].type) | axes.bits(inputs[i], rank) << 8;
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
      int const from = place_[role_[id] & (reduces | assigns) ? edges_[n.first_input] : id];
      words[count++] = static_cast<i64>(n.type) | axes.bits(outputs[i], rank) << 8 | static_cast<i64>(from) << 16;
      words[count++] = role_[id] & reduces ? static_cast<i64>(n.op->hash) : 0;
    }
    words[1] = axes.rank | l.input_count << 8 | l.immediate_count << 16 | static_cast<i64>(l.member_count) << 24 |
               static_cast<i64>(l.output_count) << 32;
    out.operands.append(l.inputs, l.input_count);
    out.operands.append(l.outputs, l.output_count);
    end_step(s, 0, words, count);
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
