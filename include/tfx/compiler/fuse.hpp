// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/compiler/module.hpp>
#include <tfx/kernel/fused.hpp>

TFX_BEGIN

/// One kernel call: its description, and its operands as nodes (inputs, then outputs) and symbols.
struct step {
  u64 kernel = 0;
  bool fused = false;
  u64 op = 0;
  int first_word = 0, word_count = 0;
  int first_operand = 0, input_count = 0, output_count = 0;
  int first_symbol = 0, symbol_count = 0;
};

/// The steps of a run, not yet ordered.
struct step_list {
  vector<step> steps;
  vector<i64> words;
  vector<int> operands;
  vector<int> symbols;
};

inline constexpr u64 fused_hash = hash_of("fused");

namespace detail {

/// Gathers elementwise nodes and reductions that run over one space into one loop. A level counts the barriers
/// (kernels, reductions, views) before a node; within a level values only grow by broadcasting, so that groups of one
/// level and one space can never wait for each other.
class fuser {
 public:
  step_list out;

  constexpr fuser(module_view const& m, bool fuse_assignments)
      : m_(m),
        fuse_assignments_(fuse_assignments),
        level_(m.count.nodes + 1, 0),
        parent_(m.count.nodes + 1, -1),
        weight_(m.count.nodes + 1, 1),
        next_(m.count.nodes + 1, -1),
        last_(m.count.nodes + 1, -1),
        stored_(m.count.nodes + 1, 0),
        late_(m.count.nodes + 1, 0) {}

  constexpr void run() {
    group_nodes();
    mark_stored();
    for (int id = 0; id < m_.count.nodes; ++id) {
      op_kind const kind = m_.nodes[id].op->kind;
      if (parent_[id] == id) {
        emit_loop(id);
      } else if (kind == op_kind::kernel) {
        emit_kernel(id);
      } else if (kind == op_kind::splat && stored_[id]) {
        emit_splat(id);
      }
    }
  }

 private:
  module_view m_;
  bool fuse_assignments_;
  vector<int> level_;
  vector<int> parent_;  // union-find over members of loops, -1 for others
  vector<int> weight_;
  vector<int> next_, last_;  // members of a loop as a list, ascending
  vector<char> stored_;      // needs memory
  vector<char> late_;        // depends on an assignment

  constexpr bool is_assign(node const& n) const { return is<assign_op>(n.op); }
  /// A loop of its own where loops that write variables would wait for each other.
  constexpr bool stands_alone(node const& n) const {
    return !fuse_assignments_ && (is_assign(n) || is<snapshot_op>(n.op));
  }
  constexpr bool loops(node const& n) const {
    return n.op->kind == op_kind::elementwise || n.op->kind == op_kind::reduction || is_assign(n);
  }
  constexpr bool is_barrier(node const& n) const {
    return n.op->kind == op_kind::reduction || n.op->kind == op_kind::kernel || n.op->kind == op_kind::view ||
           n.op->kind == op_kind::effect || stands_alone(n);
  }
  /// The space that a loop over node `id` runs through.
  constexpr dims const& space(int id) const {
    node const& n = m_.nodes[id];
    return n.op->kind == op_kind::reduction ? m_.nodes[m_.input(n, 0)].shape : n.shape;
  }
  constexpr int find(int id) {
    while (parent_[id] != id) id = parent_[id] = parent_[parent_[id]];
    return id;
  }
  constexpr void join(int a, int b) {
    a = find(a);
    b = find(b);
    if (a == b) return;
    if (b < a) {
      int const t = a;
      a = b;
      b = t;
    }
    parent_[b] = a;
    weight_[a] += weight_[b];
    next_[last_[a]] = b;
    last_[a] = last_[b];
  }

  constexpr void group_nodes() {
    constexpr int most = 20;  // members of one loop; a bound on operands too
    for (int id = 0; id < m_.count.nodes; ++id) {
      node const& n = m_.nodes[id];
      int level = 0;
      for (int i = 0; i < n.input_count; ++i) {
        int const x = m_.input(n, i);
        int const behind = level_[x] + (is_barrier(m_.nodes[x]) ? 1 : 0);
        if (behind > level) level = behind;
        if (late_[x] || is_assign(m_.nodes[x])) late_[id] = 1;
      }
      if (!loops(n)) {
        level_[id] = level;
        if (n.op->kind == op_kind::kernel)
          for (int i = 0; i < n.input_count; ++i)
            if (level_[m_.input(n, i)] >= level) level = level_[m_.input(n, i)] + 1;
        level_[id] = level;
        continue;
      }
      parent_[id] = id;
      last_[id] = id;
      bool const alone = stands_alone(n);
      if (alone) ++level;
      level_[id] = level;
      if (alone) continue;
      // Joining all inputs of the level at once must stay within the bound, else a new level begins here.
      int total = 1;
      for (int i = 0; i < n.input_count; ++i)
        if (joins(id, m_.input(n, i)) && first_use(n, i)) total += weight_[find(m_.input(n, i))];
      if (total > most) {
        ++level_[id];
        continue;
      }
      for (int i = 0; i < n.input_count; ++i)
        if (joins(id, m_.input(n, i))) join(id, m_.input(n, i));
    }
  }
  constexpr bool first_use(node const& n, int i) {
    for (int k = 0; k < i; ++k)
      if (parent_[m_.input(n, k)] >= 0 && find(m_.input(n, k)) == find(m_.input(n, i))) return false;
    return true;
  }
  constexpr bool joins(int id, int x) const {
    return parent_[x] >= 0 && !is_barrier(m_.nodes[x]) && level_[x] == level_[id] && late_[x] == late_[id] &&
           m_.nodes[x].shape == space(id);
  }

  constexpr void need(int id) {
    while (m_.nodes[id].op->kind == op_kind::view) id = m_.input(m_.nodes[id], 0);
    stored_[id] = 1;
  }
  constexpr void mark_stored() {
    for (int i = 0; i < m_.count.fetches; ++i) need(m_.fetches[i]);
    for (int id = 0; id < m_.count.nodes; ++id) {
      node const& n = m_.nodes[id];
      bool const loop = parent_[id] >= 0;
      if (is_assign(n) || n.op->kind == op_kind::reduction) stored_[id] = 1;
      if (n.op->kind == op_kind::leaf || n.op->kind == op_kind::effect || n.op->kind == op_kind::view) {
        if (is<group_op>(n.op))
          for (int i = 0; i < n.input_count; ++i)
            if (m_.nodes[m_.input(n, i)].type != dtype::none) need(m_.input(n, i));
        if (!loop) continue;
      }
      for (int i = 0; i < n.input_count; ++i) {
        int const x = m_.input(n, i);
        if (m_.nodes[x].op->kind == op_kind::splat && loop) continue;
        if (!loop || parent_[x] < 0 || find(x) != find(id)) need(x);
      }
    }
  }

  constexpr void begin_step(step& s) {
    s.first_word = out.words.size();
    s.first_operand = out.operands.size();
    s.first_symbol = out.symbols.size();
  }
  constexpr void end_step(step& s) {
    s.word_count = out.words.size() - s.first_word;
    s.symbol_count = out.symbols.size() - s.first_symbol;
    u64 hash = static_cast<u64>(s.word_count);
    for (int i = 0; i < s.word_count; ++i) hash = mix(hash, static_cast<u64>(out.words[s.first_word + i]));
    s.kernel = hash;
    out.steps.push_back(s);
  }
  /// The kernel's own number of a graph's symbol.
  constexpr int local_symbol(step const& s, i64 extent) {
    int const symbol = symbol_of(extent);
    for (int i = s.first_symbol; i < out.symbols.size(); ++i)
      if (out.symbols[i] == symbol) return i - s.first_symbol;
    out.symbols.push_back(symbol);
    return out.symbols.size() - 1 - s.first_symbol;
  }
  constexpr i64 local_extent(step const& s, i64 extent) {
    return extent >= 0 ? extent : symbol_extent(local_symbol(s, extent));
  }

  constexpr void push_shape(step const& s, int id) {
    node const& n = m_.nodes[id];
    out.words.push_back(static_cast<i64>(n.type) | static_cast<i64>(n.shape.rank) << 8);
    for (int i = 0; i < n.shape.rank; ++i) out.words.push_back(local_extent(s, n.shape[i]));
  }
  // Description of a kernel op: op, number of inputs, shapes of inputs and output, attributes.
  constexpr void emit_kernel(int id) {
    node const& n = m_.nodes[id];
    step s;
    begin_step(s);
    s.op = n.op->hash;
    s.input_count = n.input_count;
    s.output_count = 1;
    out.words.push_back(static_cast<i64>(n.op->hash));
    out.words.push_back(n.input_count | static_cast<i64>(n.word_count) << 16);
    for (int i = 0; i < n.input_count; ++i) {
      push_shape(s, m_.input(n, i));
      out.operands.push_back(m_.input(n, i));
    }
    push_shape(s, id);
    out.operands.push_back(id);
    for (int i = 0; i < n.word_count; ++i) {
      i64 const word = m_.word(n, i);
      out.words.push_back(n.op->first_extent > 0 && i >= n.op->first_extent ? local_extent(s, word) : word);
    }
    end_step(s);
  }

  struct loop {
    vector<int> inputs, immediates, members, outputs;
  };
  static constexpr int index_in(vector<int> const& list, int id) {
    for (int i = 0; i < list.size(); ++i)
      if (list[i] == id) return i;
    return -1;
  }

  constexpr void emit_splat(int id) {
    loop l;
    l.immediates.push_back(id);
    l.outputs.push_back(id);
    emit(l, m_.nodes[id].shape);
  }
  constexpr void emit_loop(int root) {
    loop l;
    for (int id = root; id >= 0; id = next_[id]) {
      node const& n = m_.nodes[id];
      for (int i = 0; i < n.input_count; ++i) {
        int const x = m_.input(n, i);
        if (parent_[x] >= 0 && find(x) == root && !is_barrier(m_.nodes[x])) continue;
        vector<int>& list = m_.nodes[x].op->kind == op_kind::splat ? l.immediates : l.inputs;
        if (index_in(list, x) < 0) list.push_back(x);
      }
      if (n.op->kind == op_kind::elementwise) l.members.push_back(id);
      if (stored_[id]) l.outputs.push_back(id);
    }
    sort(l.members);
    emit(l, space(root));
  }
  static constexpr void sort(vector<int>& list) {
    for (int i = 1; i < list.size(); ++i)
      for (int k = i; k > 0 && list[k] < list[k - 1]; --k) {
        int const t = list[k];
        list[k] = list[k - 1];
        list[k - 1] = t;
      }
  }

  constexpr int value_index(loop const& l, int id) const {
    int at = index_in(l.inputs, id);
    if (at >= 0) return at;
    at = index_in(l.immediates, id);
    if (at >= 0) return l.inputs.size() + at;
    return l.inputs.size() + l.immediates.size() + index_in(l.members, id);
  }

  // Bit i: the operand has more than one element along axis i of the space.
  constexpr unsigned varies(dims const& operand, dims const& space) const {
    unsigned bits = 0;
    int const missing = space.rank - operand.rank;
    for (int i = 0; i < operand.rank; ++i)
      if (operand[i] != 1) bits |= 1u << (i + missing);
    return bits;
  }
  constexpr unsigned kept(node const& reduced, dims const& space) const {
    return ~axis_bits(m_.words + reduced.first_word + 1, reduced.word_count - 1, space.rank) &
           ((1u << space.rank) - 1u);
  }

  constexpr void emit(loop const& l, dims const& space) {
    if (l.outputs.empty()) return;
    vector<unsigned> inputs, outputs;
    unsigned alive = 0;
    for (int i = 0; i < space.rank; ++i)
      if (space[i] != 1) alive |= 1u << i;
    for (int id : l.inputs) inputs.push_back(varies(m_.nodes[id].shape, space) & alive);
    for (int id : l.outputs)
      outputs.push_back((m_.nodes[id].op->kind == op_kind::reduction ? kept(m_.nodes[id], space) : alive) & alive);
    step s;
    begin_step(s);
    s.fused = true;
    s.input_count = inputs.size();
    s.output_count = outputs.size();
    out.words.push_back(static_cast<i64>(fused_hash));
    int const counts_at = out.words.size();
    out.words.push_back(0);
    // Neighbouring axes along which every operand behaves alike are one.
    int collapsed[max_rank] = {};
    int rank = 0;
    int previous = -1;
    for (int i = 0; i < space.rank; ++i) {
      if (!(alive >> i & 1u)) continue;
      bool same = previous >= 0;
      for (int k = 0; same && k < inputs.size(); ++k) same = (inputs[k] >> i & 1u) == (inputs[k] >> previous & 1u);
      for (int k = 0; same && k < outputs.size(); ++k) same = (outputs[k] >> i & 1u) == (outputs[k] >> previous & 1u);
      if (!same) {
        ++rank;
        out.words.push_back(1);
        out.words.push_back(0);
      }
      collapsed[i] = rank - 1;
      i64& coefficient = out.words[out.words.size() - 2];
      i64& symbols = out.words[out.words.size() - 1];
      if (space[i] >= 0) {
        coefficient *= space[i];
      } else {
        symbols = symbols << 8 | (local_symbol(s, space[i]) + 1);
      }
      previous = i;
    }
    auto const collapse = [&](unsigned bits) {
      unsigned result = 0;
      for (int i = 0; i < space.rank; ++i)
        if (alive >> i & bits >> i & 1u) result |= 1u << collapsed[i];
      return result;
    };
    for (int i = 0; i < inputs.size(); ++i) {
      out.words.push_back(static_cast<i64>(m_.nodes[l.inputs[i]].type) | static_cast<i64>(collapse(inputs[i])) << 8);
      out.operands.push_back(l.inputs[i]);
    }
    for (int id : l.immediates) {
      out.words.push_back(static_cast<i64>(m_.nodes[id].type));
      out.words.push_back(m_.word(m_.nodes[id], 0));
    }
    for (int id : l.members) {
      node const& n = m_.nodes[id];
      out.words.push_back(static_cast<i64>(n.op->hash));
      i64 packed = static_cast<i64>(n.type) | static_cast<i64>(n.input_count) << 8;
      for (int i = 0; i < n.input_count; ++i)
        packed |= static_cast<i64>(value_index(l, m_.input(n, i))) << (16 + 8 * i);
      out.words.push_back(packed);
    }
    for (int i = 0; i < outputs.size(); ++i) {
      node const& n = m_.nodes[l.outputs[i]];
      bool const elsewhere = n.op->kind == op_kind::reduction || is_assign(n);
      int const from = value_index(l, elsewhere ? m_.input(n, 0) : l.outputs[i]);
      out.words.push_back(static_cast<i64>(n.type) | static_cast<i64>(collapse(outputs[i])) << 8 |
                          static_cast<i64>(from) << 16);
      out.words.push_back(n.op->kind == op_kind::reduction ? static_cast<i64>(n.op->hash) : 0);
      out.operands.push_back(l.outputs[i]);
    }
    out.words[counts_at] = rank | inputs.size() << 8 | l.immediates.size() << 16 |
                           static_cast<i64>(l.members.size()) << 24 | static_cast<i64>(outputs.size()) << 32;
    end_step(s);
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
