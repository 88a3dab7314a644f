// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/compiler/extents.hpp>
#include <tfx/compiler/fuse.hpp>
#include <tfx/compiler/schedule.hpp>

TFX_BEGIN

/// Where a buffer's memory is.
enum class buffer_kind : unsigned char { arena, texts, feed, variable, scalar_literal, array_literal };

// Entries have no default values where there are many of them: the compiler would fill an array's unused end.
struct buffer_entry {
  buffer_kind kind;
  int index;   // of the arena, feed, variable or literal; texts: of the arena whose symbols count them
  i64 offset;  // arena: in bytes, times the arena's symbols; texts: how many strings, times those symbols
};
/// One arena: `bytes` for each unit of the product of its symbols (none: the static arena).
struct arena_entry {
  i64 bytes = 0;
  int symbol_count = 0;
  int symbols[max_rank] = {};
};
/// A kernel call: which kernel, and where its operands' buffers and symbols stand in `slots`.
struct step_entry {
  int kernel;
  int first_slot;
};
/// A tensor that comes from outside: a feed, a literal, a fetch; its extents are numbers or symbols.
struct tensor_entry {
  dtype type = dtype::none;
  dims shape{};
  int buffer = -1;
  int index = 0;  // feed: its place in the run; literal: its place in the payload
  int name_at = 0, name_size = 0;
};
struct variable_entry {
  u64 hash;
  dtype type;
  i64 count;
  int buffer;
  bool read, written;
  bool state;  // hidden state of an op (a random stream): a session makes it when it first meets it
  int token;   // state: the literal that tells whose it is, -1: its name does
  bool saved;  // a step may still fail when it has been written: the run puts back what it was
  int name_at, name_size;
};
/// A variable whose type does not tell its shape: sessions keep its extents.
struct open_variable {
  int variable;
  bool initialized;  // by this run, which may change its extents
  dims shape;        // in this run
};
/// The name of an extent.
struct symbol_plan {
  int name_at = 0, name_size = 0;
};
/// A part of the plan's text.
struct text_part {
  int at, size;
};
/// An extent_check, with what is said where it fails: the two shapes stand between `before`, `between` and `after`.
struct check_plan {
  extent_rule rule;
  bool at_most, counts;
  int axis;
  i64 left, right, to;
  dims first, second;  // `unknown`: what the rule makes
  text_part before, between, after, op, variable;
};

/// What is left of a run: kernels in order over buffers in arenas.
struct run_plan {
  vector<step_entry> steps;
  vector<int> slots;
  vector<buffer_entry> buffers;
  vector<arena_entry> arenas;
  vector<tensor_entry> feeds, literals, fetches;
  vector<variable_entry> variables;
  vector<open_variable> open_variables;
  vector<symbol_plan> symbols;
  vector<extent_derivation> derivations;
  vector<check_plan> checks;
  vector<char> text;
  int texts = 0;           // buffers of strings
  bool has_texts = false;  // those, or variables
  bool has_streams = false;
  int saved = 0;  // how many variables
};

namespace detail {

class planner {
 public:
  run_plan out;

  constexpr planner(module_view const& m, descriptor const& request, step_view const& list, int const* order)
      : m_(m),
        request_(request),
        list_(list),
        order_(order),
        symbols_(begin_from(m).symbols),
        extents_(symbols_),
        of_nodes_(m.count.nodes) {
    for (int id = 0; id < m.count.nodes; ++id) {
      node const& n = m.nodes[id];
      source_[id] = n.op->kind == op_kind::view ? source_[m.edges[n.first_input]] : id;
      buffer_[id] = -1;
      last_use_[id] = -1;
    }
    out.buffers.reserve(m.count.nodes);
    bytes_.reserve(m.count.nodes);
    out.variables.reserve(m.count.nodes);
    out.text.reserve(16 * m.count.nodes);
  }

  constexpr void run() {
    out.arenas.push_back({});
    free_.push_back({});
    add_sources();
    place();
    for (int i = 0; i < m_.count.fetches; ++i) {
      tensor_entry fetch = describe(m_.fetches[i]);
      if (fetch.type != dtype::none) fetch.buffer = buffer_of(m_.fetches[i]);
      out.fetches.push_back(fetch);
    }
    emit();
    mark_saved();
    add_symbols();
  }

 private:
  struct hole {
    i64 offset, bytes;
  };

  module_view m_;
  descriptor const& request_;
  step_view list_;
  int const* order_;
  symbol_table symbols_;
  extent_order extents_;
  numbering variables_;
  numbering numbers_;
  node_arrays of_nodes_;
  int* source_ = of_nodes_.next();    // the node whose memory it is
  int* buffer_ = of_nodes_.next();    // -1: none
  int* last_use_ = of_nodes_.next();  // the place in the order
  vector<i64> bytes_;                 // by buffer: what it takes of its arena
  vector<vector<hole>> free_;

  constexpr int buffer_of(int id) const { return buffer_[source_[id]]; }

  constexpr void add_text(std::string_view text, int& at, int& size) {
    at = out.text.size();
    size = static_cast<int>(text.size());
    out.text.append(text.data(), size);
  }
  constexpr dims resolved(dims shape) const {
    for (int i = 0; i < shape.rank; ++i) shape[i] = symbols_.resolve(shape[i]);
    return shape;
  }
  constexpr tensor_entry describe(int id) {
    tensor_entry entry;
    entry.type = m_.nodes[id].type;
    entry.shape = resolved(m_.nodes[id].shape);
    return entry;
  }
  constexpr int add_buffer(buffer_kind kind, int index, i64 offset = 0, i64 bytes = 0) {
    out.buffers.push_back({kind, index, offset});
    bytes_.push_back(bytes);
    return bytes_.size() - 1;
  }

  constexpr int variable_of(node const& n) {
    int const known = variables_.of(n.identity);
    if (known < out.variables.size()) return known;
    variable_entry v{};
    v.hash = n.identity;
    v.token = -1;
    v.type = n.type;
    if (n.type == dtype::string) out.has_texts = true;
    dims const shape = resolved(n.shape);
    v.count = shape.is_static() ? shape.count() : 0;
    v.buffer = add_buffer(buffer_kind::variable, out.variables.size());
    add_text(n.name, v.name_at, v.name_size);
    out.variables.push_back(v);
    return out.variables.size() - 1;
  }

  // Leaves and variables have memory that the run finds, not makes.
  constexpr void add_sources() {
    for (int i = 0; i < m_.count.feeds; ++i) {
      tensor_entry feed;
      feed.index = i;
      if (int const id = m_.feeds[i]; id >= 0) {
        feed = describe(id);
        feed.index = i;
        feed.buffer = buffer_[id] = add_buffer(buffer_kind::feed, i);
        add_text(m_.nodes[id].name, feed.name_at, feed.name_size);
        extents_.tell(feed.shape);
      }
      out.feeds.push_back(feed);
    }
    for (int id = 0; id < m_.count.nodes; ++id) {
      node const& n = m_.nodes[id];
      if (n.op->kind != op_kind::leaf && n.op->kind != op_kind::effect) continue;
      if (is<literal_op>(n.op)) {
        tensor_entry literal = describe(id);
        literal.index = number_index(n.identity);
        bool const scalar = literal.shape.rank == 0 && bytes_of(literal.type) <= 8;
        literal.buffer = buffer_[id] =
            add_buffer(scalar ? buffer_kind::scalar_literal : buffer_kind::array_literal, literal.index);
        add_text(n.name, literal.name_at, literal.name_size);
        extents_.tell(literal.shape);
        out.literals.push_back(literal);
        continue;
      }
      bool const read = is<variable_op>(n.op), written = is<assign_op>(n.op);
      if (!read && !written && !n.op->state) continue;
      variable_entry& v = out.variables[variable_of(n)];
      (read ? v.read : written ? v.written : v.state) = true;
      if (n.op->state) {
        v.token = number_index(n.identity);
        out.has_streams = true;
      }
      buffer_[id] = v.buffer;
      if (read) extents_.tell(n.shape);
      if (n.word_count > (read ? 0 : 1) && !n.op->state) add_open(n, written && m_.word(n, 1) != 0);
    }
  }
  constexpr void add_open(node const& n, bool initialized) {
    int const variable = variable_of(n);
    for (open_variable& known : out.open_variables)
      if (known.variable == variable) {
        known.initialized = known.initialized || initialized;
        return;
      }
    out.open_variables.push_back({variable, initialized, resolved(n.shape)});
  }
  // Where a literal stands among those that ride in the request, -1: none of them.
  constexpr int number_index(u64 id) {
    if (numbers_.keys.count == 0)
      for (int i = 0; i < request_.number_count; ++i) numbers_.of(request_.numbers[i]);
    return numbers_.find(id);
  }

  // The arena of a shape, one for each product of symbols, and how many elements a unit of it holds.
  constexpr int arena_of(dims const& shape, i64& count) {
    count = 1;
    bool is_static = true;
    for (int i = 0; i < shape.rank; ++i) {
      count *= shape.extent[i];
      if (shape.extent[i] < 0) is_static = false;
    }
    return is_static ? 0 : symbolic_arena_of(shape, count);
  }
  constexpr int symbolic_arena_of(dims const& shape, i64& count) {
    arena_entry key;
    count = 1;
    for (int i = 0; i < shape.rank; ++i) {
      i64 const extent = symbols_.resolve(shape[i]);
      if (extent >= 0) {
        count *= extent;
        continue;
      }
      int const symbol = symbol_of(extent);
      int at = key.symbol_count++;
      for (; at > 0 && key.symbols[at - 1] > symbol; --at) key.symbols[at] = key.symbols[at - 1];
      key.symbols[at] = symbol;
    }
    for (int a = 0; a < out.arenas.size(); ++a) {
      bool same = out.arenas[a].symbol_count == key.symbol_count;
      for (int i = 0; same && i < key.symbol_count; ++i) same = out.arenas[a].symbols[i] == key.symbols[i];
      if (same) return a;
    }
    out.arenas.push_back(key);
    free_.push_back({});
    return out.arenas.size() - 1;
  }

  static constexpr i64 rounded(i64 bytes) { return (bytes + 63) / 64 * 64; }

  constexpr void allocate(int id) {
    i64 count = 0;
    int const arena = arena_of(m_.nodes[id].shape, count);
    if (m_.nodes[id].type == dtype::string) return allocate_texts(id, arena, count);
    i64 const bytes = rounded((count > 0 ? count : 1) * bytes_of(m_.nodes[id].type));
    vector<hole>& holes = free_[arena];
    for (int i = 0; i < holes.size(); ++i) {
      hole& h = holes[i];
      if (h.bytes < bytes) continue;
      buffer_[id] = add_buffer(buffer_kind::arena, arena, h.offset, bytes);
      h.offset += bytes;
      h.bytes -= bytes;
      if (h.bytes == 0) {
        h = holes.back();
        holes.pop_back();
      }
      return;
    }
    buffer_[id] = add_buffer(buffer_kind::arena, arena, out.arenas[arena].bytes, bytes);
    out.arenas[arena].bytes += bytes;
  }
  // Strings are objects: each buffer of them is memory of its own, which nothing else uses.
  constexpr void allocate_texts(int id, int arena, i64 count) {
    buffer_[id] = add_buffer(buffer_kind::texts, arena, count);
    ++out.texts;
    out.has_texts = true;
  }
  constexpr void release(int id) {
    buffer_entry const& b = out.buffers[buffer_[id]];
    if (b.kind != buffer_kind::arena) return;
    hole freed{b.offset, bytes_[buffer_[id]]};
    vector<hole>& holes = free_[b.index];
    // Neighbours become one hole again.
    for (int i = 0; i < holes.size();) {
      bool const before = holes[i].offset + holes[i].bytes == freed.offset;
      if (before || freed.offset + freed.bytes == holes[i].offset) {
        if (before) freed.offset = holes[i].offset;
        freed.bytes += holes[i].bytes;
        holes[i] = holes.back();
        holes.pop_back();
      } else {
        ++i;
      }
    }
    holes.push_back(freed);
  }

  constexpr void place() {
    constexpr int forever = 1 << 30;
    for (int at = 0; at < list_.count.steps; ++at) {
      step const& s = list_.steps[order_[at]];
      int const* const operand = list_.operands + s.first_operand;
      for (int i = 0; i < s.input_count + s.output_count; ++i) last_use_[source_[operand[i]]] = at;
    }
    for (int i = 0; i < m_.count.fetches; ++i) last_use_[source_[m_.fetches[i]]] = forever;
    for (int at = 0; at < list_.count.steps; ++at) {
      step const& s = list_.steps[order_[at]];
      int const* const operand = list_.operands + s.first_operand;
      int const count = s.input_count + s.output_count;
      for (int i = s.input_count; i < count; ++i)
        if (buffer_[operand[i]] < 0) allocate(operand[i]);
      for (int i = 0; i < count; ++i) {
        int const id = source_[operand[i]];
        if (last_use_[id] != at) continue;
        last_use_[id] = forever;  // once
        release(id);
      }
    }
  }

  constexpr void emit() {
    out.steps.reserve(list_.count.steps);
    out.slots.reserve(list_.count.operands + list_.count.symbols);
    for (int at = 0; at < list_.count.steps; ++at) {
      step const& s = list_.steps[order_[at]];
      out.steps.push_back({s.kernel, out.slots.count});
      int const* const operand = list_.operands + s.first_operand;
      int* slot = out.slots.items + out.slots.count;
      out.slots.count += s.input_count + s.output_count + s.symbol_count;
      for (int i = 0; i < s.input_count + s.output_count; ++i) *slot++ = buffer_[source_[operand[i]]];
      for (int i = 0; i < s.symbol_count; ++i) *slot++ = list_.symbols[s.first_symbol + i];
    }
  }

  // What a step writes before the last one that may fail, hidden state too, must be put back where that fails.
  constexpr void mark_saved() {
    int last = list_.count.steps - 1;
    while (last >= 0 && !list_.steps[order_[last]].may_fail) --last;
    for (int at = 0; at <= last; ++at) {
      step const& s = list_.steps[order_[at]];
      int const* const operand = list_.operands + s.first_operand;
      for (int i = 0; i < s.input_count + s.output_count; ++i) {
        buffer_entry const& b = out.buffers[buffer_of(operand[i])];
        if (b.kind != buffer_kind::variable) continue;
        variable_entry& v = out.variables[b.index];
        if (v.saved || (i < s.input_count ? !v.state : at == last)) continue;
        v.saved = true;
        ++out.saved;
      }
    }
  }

  constexpr dims compared(extent_check const& check, dims shape) const {
    for (int i = 0; i < shape.rank; ++i) shape[i] = symbols_.resolve_but(check.made, shape[i]);
    return shape;
  }
  constexpr text_part part_of(std::string_view text) {
    text_part part{};
    add_text(text, part.at, part.size);
    return part;
  }
  constexpr void add_symbols() {
    if (m_.count.symbols == 0) return;
    for (int i = 0; i < m_.count.symbols; ++i) {
      symbol_plan s;
      add_text(symbols_.entries[i].text, s.name_at, s.name_size);
      out.symbols.push_back(s);
    }
    extents_.find();
    out.derivations = extents_.derivations;
    for (extent_check const& check : symbols_.checks) {
      if (!extents_.knows(check)) continue;
      std::string_view const words = check.op->mismatch;
      std::size_t const first = words.find("%s"), second = words.rfind("%s");
      out.checks.push_back({check.rule, check.at_most, check.counts, check.axis, symbols_.resolve(check.left),
                            symbols_.resolve(check.right), symbols_.resolve(check.to), compared(check, check.first),
                            compared(check, check.second), part_of(words.substr(0, first)),
                            part_of(words.substr(first + 2, second - first - 2)), part_of(words.substr(second + 2)),
                            part_of(check.op->name), part_of(check.variable)});
    }
  }
};
}  // namespace detail

/// Kernel calls in `order` over planned memory.
constexpr run_plan make_plan(module_view const& m, descriptor const& request, step_view const& list, int const* order) {
  detail::planner pass(m, request, list, order);
  pass.run();
  return static_cast<run_plan&&>(pass.out);
}

TFX_END
