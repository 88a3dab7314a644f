// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/compiler/extents.hpp>
#include <tfx/compiler/parts.hpp>
#include <tfx/kernel/fused.hpp>

TFX_BEGIN

/// By node: what its loop is, and what is done with its value.
template <template <class> class Column>
struct group_columns {
  Column<int> roles;     // bits, see loop_role
  Column<int> roots;     // of a member of a loop: the first one
  Column<int> next;      // members of a loop as a list, ascending; 0: the end
  Column<int> storage;   // needs memory
  Column<int> products;  // of a loop, at its root: the kernel whose epilogue it is, + 1
};
struct group_facts {
  bool any_texts;  // some nodes are strings
};
using groups = table<group_columns, group_facts>;
using group_view = table_view<group_columns>;

namespace detail {

struct loop_role {
  // What the passes ask of a node again and again, as bits.
  static constexpr int loops = 1, barrier = 2, assigns = 4, late = 8, alone = 16, reduces = 32;
  // Of a loop, at its root: a value may end the run, a variable is written. Never both, or half of a step would be
  // done.
  static constexpr int fails = 64, writes = 128;
};

/// A node with a kernel of its own.
constexpr bool calls_kernel(node const& n) { return n.op->kind == op_kind::kernel || n.op->kind == op_kind::region; }
/// Whether the compiler knows a node's value, so that loops read it from nowhere.
constexpr bool is_known(node const& n) { return n.op->kind == op_kind::splat || n.op->kind == op_kind::sequence; }
/// The space that a loop over node `id` runs through.
constexpr dims const& space_of(module_view const& m, int const* roles, int id) {
  node const& n = m.nodes[id];
  return roles[id] & loop_role::reduces ? m.nodes[m.edges[n.first_input]].shape : n.shape;
}

/// Gathers elementwise nodes and reductions that run over one space into one loop. A level counts the barriers
/// (kernels, reductions, views) before a node; within a level values only grow by broadcasting, so that groups of one
/// level and one space can never wait for each other. A loop that nothing else reads moves up to the level of its
/// reader. Where kernels find extents, two spaces may turn out to be one only in the run: a value that goes from one to
/// the other begins a level, and what has such an extent is behind the kernel that finds it.
class grouping : loop_role {
 public:
  constexpr grouping(module_view const& m, bool fuse_assignments)
      : m_(m),
        nodes_(m.nodes),
        edges_(m.edges),
        placed_(m.placed),
        any_regions_(m.count.placed > 0),
        fuse_assignments_(fuse_assignments),
        memory_(m.count.nodes) {
    if (finds_extents(m)) found_.push_back(found_extents(m));
  }

  /// Groups the nodes before `last`.
  constexpr void run(int last) {
    bool const any_found = found_.count > 0;
    for (int id = grouped_; id < last; ++id) {
      node const& n = nodes_[id];
      int const* const in = edges_ + n.first_input;
      int const count = n.input_count;
      int role = role_of(n);
      if (n.type == dtype::string) any_texts_ = true;
      if (any_texts_ && (role & loops) && has_texts(n)) role |= barrier | alone;
      int level = any_found ? found_level(id) : 0;
      next_[id] = last_[id] = stored_[id] = reader_[id] = 0;
      parent_[id] = id;
      weight_[id] = role & reduces ? count : 1;
      operands_[id] = count;
      // Joining others keeps within these; an op alone may not.
      if ((role & loops) &&
          (count > kernel::fused_program::most_inputs || weight_[id] > kernel::fused_program::most_steps))
        raise<errors::UnimplementedError>("an op that folds has at most %d inputs", kernel::fused_program::most_steps);
      closed_[id] = 0;
      for (int i = 0; i < count; ++i) {
        int const x = in[i], of_x = role_[x];
        int const root = parent_[x] == x ? x : find(x);
        int behind = level_[root];
        if ((of_x & barrier) || (any_regions_ && placed_[x] != placed_[id]) ||
            (any_found && (of_x & role & loops) && !(role & reduces) && !grows(nodes_[x].shape, n.shape))) {
          ++behind;
          closed_[root] = 1;
        }
        if (behind > level) level = behind;
        if (of_x & (late | assigns)) role |= late;
      }
      role_[id] = role;
      level_[id] = level;
      if (!(role & loops)) {
        any_products_ = any_products_ || n.op->has_epilogue;
        if (calls_kernel(n))
          for (int i = 0; i < count; ++i)
            if (int const at = level_[find(in[i])]; at >= level) level_[id] = level = at + 1;
      } else if (role & alone) {
        ++level_[id];
        if (role & assigns) follow_assignments(id);
      } else {
        join_inputs(id, level);
        for (int i = 0; i < count; ++i)
          if (nodes_[in[i]].op->kind == op_kind::output) reader_[edges_[nodes_[in[i]].first_input]] = id + 1;
      }
      // From here on others rely on the levels of what stays outside.
      for (int i = 0; i < count; ++i) {
        int const x = in[i];
        if ((role_[x] & (loops | barrier)) != loops) continue;
        int const root = parent_[x] == x ? x : find(x);
        if (root != parent_[id]) closed_[root] = 1;
      }
    }
    grouped_ = last;
  }
  constexpr void end() {
    mark_stored();
    list_members();
    if (any_products_) find_epilogues();
  }

  /// What a part hands on to the next one.
  template <class Use>
  constexpr void each_list(Use& use) {
    use.all(grouped_, variables_, free_, any_texts_, any_products_);
    memory_.each_list(use, grouped_);
  }

  constexpr group_view view() const { return {{role_, parent_, next_, stored_, reader_}, {}}; }
  constexpr bool any_texts() const { return any_texts_; }
  constexpr groups result() const {
    groups out{};
    out.any_texts = any_texts_;
    out.roles.append(role_, m_.count.nodes);
    out.roots.append(parent_, m_.count.nodes);
    out.next.append(next_, m_.count.nodes);
    out.storage.append(stored_, m_.count.nodes);
    out.products.append(reader_, m_.count.nodes);
    return out;
  }

 private:
  static constexpr u64 assign = define_op<assign_op>::hash, snapshot = define_op<snapshot_op>::hash,
                       group = define_op<group_op>::hash;

  module_view m_;
  node const* nodes_;
  int const* edges_;
  int const* placed_;  // by node: its region
  bool any_regions_;   // but one
  bool fuse_assignments_;
  vector<found_extents> found_;  // one where kernels find some
  node_arrays memory_;
  int* role_ = memory_.next();
  int* level_ = memory_.next();     // of a loop: at its root
  int* closed_ = memory_.next();    // of a loop: something outside reads it
  int* parent_ = memory_.next();    // union-find over members of loops
  int* weight_ = memory_.next();    // members of a loop
  int* operands_ = memory_.next();  // values that a loop reads, at most
  int* next_ = memory_.next();      // members of a loop as a list, ascending; 0: the end
  int* last_ = memory_.next();
  int* stored_ = memory_.next();  // needs memory
  // Of an op of several outputs: the member of a loop that read one last, + 1. Of a kernel that may have an epilogue:
  // the root of the only loop that reads it, + 1, or -1. Of a loop, at its root: the kernel whose epilogue it is, + 1.
  int* reader_ = memory_.next();
  numbering variables_;
  vector<int> free_;           // by variable that a step of its own assigns: the level from which on another one may
  bool any_texts_ = false;     // some nodes are strings
  bool any_products_ = false;  // some kernels take a loop for their epilogue
  int grouped_ = 0;            // the nodes before this one are grouped

  constexpr int role_of(node const& n) const {
    op_info const& op = *n.op;
    switch (op.kind) {
      case op_kind::elementwise:
        // A loop of its own where loops that write variables would wait for each other.
        return (!fuse_assignments_ && op.hash == snapshot ? loops | barrier | alone : loops) |
               (op.may_fail && !is_floating(n.type) ? fails : 0);
      case op_kind::reduction:
        return loops | barrier | reduces;
      case op_kind::effect:
        if (op.hash != assign) return barrier;
        return loops | barrier | assigns | writes | (fuse_assignments_ ? 0 : alone);
      case op_kind::kernel:
      case op_kind::region:
      case op_kind::view:
        return barrier;
      default:
        return 0;
    }
  }
  // Loops over strings have one op each: a register holds none.
  constexpr bool has_texts(node const& n) const {
    for (int i = 0; i < n.input_count; ++i)
      if (nodes_[edges_[n.first_input + i]].type == dtype::string) return true;
    return false;
  }
  constexpr bool is_elsewhere(int a, int b) const { return any_regions_ && placed_[a] != placed_[b]; }
  constexpr int find(int id) {
    int* const parent = parent_;
    while (parent[id] != id) id = parent[id] = parent[parent[id]];
    return id;
  }

  /// Whether a value has the elements of a space, or fewer along axes where it has one.
  static constexpr bool grows(dims const& value, dims const& space) {
    int const missing = space.rank - value.rank;
    for (int i = 0; i < value.rank; ++i)
      if (value[i] != 1 && value[i] != space[i + missing]) return false;
    return true;
  }
  /// The level behind the kernels that find what node `id` has for extents, or its inputs.
  constexpr int found_level(int id) const {
    node const& n = nodes_[id];
    int level = 0;
    auto const wait = [&](i64 const* extents, int count) {
      for (int i = 0; i < count; ++i) {
        if (extents[i] >= 0) continue;
        found_[0].for_finders(symbol_of(extents[i]), [&](int finder) {
          if (finder < id && level_[finder] >= level) level = level_[finder] + 1;
        });
      }
    };
    wait(n.shape.extent, n.shape.rank);
    for (int i = 0; i < n.input_count; ++i) {
      dims const& read = nodes_[edges_[n.first_input + i]].shape;
      wait(read.extent, read.rank);
    }
    int const first = n.op->first_extent;
    if (first > 0) wait(m_.words + n.first_word + first, n.word_count - first);
    return level;
  }

  /// A step that assigns alone comes behind the copies of what the last assignment to the variable left.
  constexpr void follow_assignments(int id) {
    int const v = variables_.of(nodes_[id].identity);
    if (v == free_.count) free_.push_back(0);
    if (level_[id] < free_[v]) level_[id] = free_[v];
    free_[v] = level_[id] + 2;
  }

  /// Makes one loop of node `id` and the loops of its inputs, as far as they fit. One of a lower level may move up as
  /// long as nothing outside reads it. Loops that read outputs of one op are one, too.
  constexpr void join_inputs(int id, int level) {
    constexpr int most_members = kernel::fused_program::most_steps, most_operands = kernel::fused_program::most_inputs;
    int const* const in = edges_ + nodes_[id].first_input;
    int const count = nodes_[id].input_count;
    int joined[4] = {}, joined_count = 0, members = weight_[id], operands = operands_[id];
    int traits = role_[id] & (fails | writes);
    int const fitting = loops | (role_[id] & late);
    dims const& shape = space_of(m_, role_, id);
    for (int same_level = 1; same_level >= 0; --same_level) {
      bool lower = false;
      for (int i = 0; i < count; ++i) {
        int x = in[i], read = 1, blocking = barrier;
        if (nodes_[x].op->kind == op_kind::output) {
          lower = true;
          x = reader_[edges_[nodes_[x].first_input]] - 1;
          if (same_level || x < 0 || is_elsewhere(x, id)) continue;
          read = 0;
          blocking = assigns | alone;
        }
        if ((role_[x] & (loops | blocking | late)) != fitting || is_elsewhere(x, id) ||
            !(space_of(m_, role_, x) == shape))
          continue;
        int const root = find(x);
        if (level_[root] != level || read == 0) {
          lower = lower || closed_[root] == 0;
          if (same_level || level_[root] > level || (level_[root] < level && closed_[root] != 0) ||
              members + weight_[root] > most_members || operands + operands_[root] - read > most_operands ||
              ((traits | role_[root]) & (fails | writes)) == (fails | writes))
            continue;
        }
        int k = 0;
        while (k < joined_count && joined[k] != root) ++k;
        if (k < joined_count) continue;
        joined[joined_count++] = root;
        traits |= role_[root] & (fails | writes);
        members += weight_[root];
        operands += operands_[root] - read;
      }
      // Loops of one level must not wait for each other: where this one's inputs are too many, a new level begins.
      if (members > most_members || operands > most_operands || traits == (fails | writes)) {
        ++level_[id];
        return;
      }
      if (!lower) break;
    }
    int root = id, closed = 0;
    for (int k = 0; k < joined_count; ++k) {
      if (joined[k] < root) root = joined[k];
      closed |= closed_[joined[k]];
    }
    for (int k = 0; k < joined_count; ++k) parent_[joined[k]] = root;
    parent_[id] = root;
    role_[root] |= traits;
    level_[root] = level;
    closed_[root] = closed;
    weight_[root] = members;
    operands_[root] = operands;
  }

  constexpr void need(int id) {
    while (nodes_[id].op->kind == op_kind::view) id = edges_[nodes_[id].first_input];
    stored_[id] = 1;
  }
  constexpr void mark_stored() {
    for (int id = 0; id < m_.count.nodes; ++id) parent_[id] = parent_[parent_[id]];  // a root comes first
    for (int i = 0; i < m_.count.fetches; ++i) need(m_.fetches[i]);
    for (int id = 0; id < m_.count.nodes; ++id) {
      node const& n = nodes_[id];
      int const* const in = edges_ + n.first_input;
      if (role_[id] & loops) {
        if (role_[id] & (assigns | reduces)) stored_[id] = 1;
        int const root = parent_[id];
        for (int i = 0; i < n.input_count; ++i) {
          int const x = in[i];
          if (is_known(nodes_[x])) continue;
          if (!(role_[x] & loops) || parent_[x] != root) need(x);
        }
      } else if (calls_kernel(n)) {
        for (int i = 0; i < n.input_count; ++i) need(in[i]);
      } else if (n.op->hash == group) {
        for (int i = 0; i < n.input_count; ++i)
          if (nodes_[in[i]].type != dtype::none) need(in[i]);
      }
    }
  }
  // An op of several outputs has those that are left for members.
  constexpr void list_members() {
    for (int id = 0; id < m_.count.nodes; ++id) {
      bool const is_output = nodes_[id].op->kind == op_kind::output;
      if (!(role_[id] & loops) && !is_output) continue;
      int const root = is_output ? edges_[nodes_[id].first_input] : parent_[id];
      if (is_output && last_[root] == 0) last_[root] = root;
      if (root != id) next_[last_[root]] = id;
      last_[root] = id;
    }
  }

  // A loop over the elements of a product that nothing else reads runs where the kernel makes them: they need no
  // memory.
  constexpr void find_epilogues() {
    for (int id = 0; id < m_.count.nodes; ++id) {
      int const reader = role_[id] & loops ? parent_[id] + 1 : -1;
      for (int i = 0; i < nodes_[id].input_count; ++i) {
        int const x = edges_[nodes_[id].first_input + i];
        if (!nodes_[x].op->has_epilogue) continue;
        bool const alone = (reader_[x] == 0 || reader_[x] == reader) && !is_elsewhere(x, id);
        reader_[x] = alone ? reader : -1;
      }
    }
    for (int i = 0; i < m_.count.fetches; ++i)
      if (nodes_[m_.fetches[i]].op->has_epilogue) reader_[m_.fetches[i]] = -1;
    for (int id = 0; id < m_.count.nodes; ++id) {
      if (!nodes_[id].op->has_epilogue || reader_[id] <= 0) continue;
      int const root = reader_[id] - 1;
      if (reader_[root] != 0 || !can_be_epilogue(root, id)) continue;
      reader_[root] = id + 1;
      stored_[id] = 0;
    }
  }
  // Whether an operand behaves alike along all axes of a space but the last, so that those are the rows of a matrix.
  static constexpr bool varies_as_rows(dims const& operand, dims const& space) {
    int const missing = space.rank - operand.rank;
    bool some = false, all = true;
    for (int i = 0; i < space.rank - 1; ++i) {
      if (space[i] == 1) continue;
      bool const varies = i >= missing && operand[i - missing] != 1;
      some = some || varies;
      all = all && varies;
    }
    return all || !some;
  }
  // Rows that fill registers, and no result that takes shape only when the last element is there. A variable that the
  // product still reads is not overwritten, here or before a loop that depends on an assignment.
  constexpr bool can_be_epilogue(int root, int product) const {
    constexpr i64 fewest_columns = 16;
    node const& p = nodes_[product];
    dims const& shape = p.shape;
    int const last = shape.rank - 1;
    if (last < 1 || !is_floating(p.type) || !(space_of(m_, role_, root) == shape) || (role_[root] & fails) ||
        ((role_[root] ^ role_[product]) & late))
      return false;
    bool empty = false, one_row = true;
    for (int i = 0; i < last; ++i) {
      empty = empty || shape[i] == 0;
      one_row = one_row && shape[i] == 1;
    }
    if ((shape[last] >= 0 && shape[last] < fewest_columns) || empty || one_row) return false;
    bool any_stored = false;
    for (int id = root;; id = next_[id]) {
      if (role_[id] & (reduces | alone)) return false;
      any_stored = any_stored || stored_[id] != 0;
      for (int i = 0; i < nodes_[id].input_count; ++i) {
        node const& x = nodes_[edges_[nodes_[id].first_input + i]];
        if (x.op->strided || !varies_as_rows(x.shape, shape)) return false;
      }
      for (int i = 0; (role_[id] & assigns) && i < p.input_count; ++i) {
        int x = edges_[p.first_input + i];
        while (nodes_[x].op->kind == op_kind::view) x = edges_[nodes_[x].first_input];
        if (nodes_[x].identity == nodes_[id].identity) return false;
      }
      if (next_[id] == 0) return any_stored;
    }
  }
};

}  // namespace detail
TFX_END
